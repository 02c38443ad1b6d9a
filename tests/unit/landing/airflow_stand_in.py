"""The three paths of Airflow's REST API that landing uses, on a free port; keeps what was asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class AirflowStandIn(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.assets: dict[str, int] = {}
        self.events: list[dict[str, Any]] = []
        self.tokens = 0
        self.broken = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def airflow_stand_in() -> Iterator[AirflowStandIn]:
    server = AirflowStandIn()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: AirflowStandIn

    def do_GET(self) -> None:
        pattern = parse_qs(urlsplit(self.path).query)["uri_pattern"][0]
        found = [{"id": number, "uri": uri} for uri, number in self.server.assets.items() if pattern in uri]
        self._answer(200 if self._known() else 401, {"assets": found})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/auth/token":
            self.server.tokens += 1
            self._answer(201, {"access_token": f"token {self.server.tokens}"})
        elif not self._known():
            self._answer(401, {})
        elif self.server.broken:
            self._answer(500, {})
        else:
            self.server.events.append(body)
            self._answer(200, body)

    def _known(self) -> bool:
        """Only the latest token counts."""
        return self.headers["Authorization"] == f"Bearer token {self.server.tokens}"

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        pass
