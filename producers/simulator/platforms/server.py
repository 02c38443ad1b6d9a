"""All platforms' APIs on one loopback port, over real HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from producers.simulator.platforms import lazada_api, sendo_api, shopee_api, tiki_api, tiktok_api
from producers.simulator.platforms.world import Request, World

ROUTES = (
    ("/api/v2/token/refresh", tiktok_api),
    ("/order/", tiktok_api),
    ("/api/v2/", shopee_api),
    ("/rest/", lazada_api),
    ("/integration/", tiki_api),
    ("/sc/", tiki_api),
    ("/login", sendo_api),
    ("/api/partner/", sendo_api),
)


@contextmanager
def platform_server(world: World, port: int = 0) -> Iterator[str]:
    """Its address, without a slash at the end; on a free port, or on that one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 64 * 1024

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, self.path, headers, body)
            world.calls[request.path] += 1
            if world.faults:
                status, extra = world.faults.popleft()
                self._send(status, {"error": "error_server", "code": status}, extra)
                return
            api: Any = next(module for prefix, module in ROUTES if request.path.startswith(prefix))
            self._send(200, api.answer(world, request), {})

        def _send(self, status: int, document: Any, headers: dict[str, str]) -> None:
            content = json.dumps(document).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
