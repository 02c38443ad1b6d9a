"""The examples in other languages publish, repeat under one identity, and tell of refusals."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.settings import Settings
from schemas.catalog import load_catalog
from tests.component.adapters.gateway import Gateway
from tests.component.landing.place import wait_until
from tests.samples import dossier
from tests.topic_records import ends_of, records_since

EXAMPLES = Path(__file__).parents[3] / "producers" / "examples"
CONTRACT = load_catalog()["dossier_status_changed"]
PROGRAMS: dict[str, Sequence[str]] = {
    "java": ("java", str(EXAMPLES / "java" / "PublishEvents.java")),
    "javascript": ("node", str(EXAMPLES / "javascript" / "publish_events.mjs")),
    "curl": ("sh", str(EXAMPLES / "curl" / "publish_events.sh")),
}


@dataclass
class Forgetful:
    """The gateway behind a proxy that, when it is told to, takes a request and loses its answer."""

    app: ASGIApp
    address: str = ""
    loses_next: bool = False
    requests: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.requests += 1
        if not self.loses_next:
            await self.app(scope, receive, send)
            return
        self.loses_next = False

        async def lose(_message: Message) -> None:
            """Nobody hears it."""

        await self.app(scope, receive, lose)
        await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture(scope="module")
def proxy(gateway: Gateway) -> Iterator[Forgetful]:
    proxy = Forgetful(gateway.app)
    server = uvicorn.Server(uvicorn.Config(proxy, port=0, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        proxy.address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        yield proxy
    finally:
        server.should_exit = True
        thread.join(10)


def run(program: str, address: str, file: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "GATEWAY_URL": address, "HAGIANG_API_KEY": "key-of-department-5"}
    command = [*PROGRAMS[program], CONTRACT.topic, str(file)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_example_publishes_once_though_an_answer_is_lost(
    servers: Settings, proxy: Forgetful, tmp_path: Path, program: str
) -> None:
    events = [{key: value for key, value in dossier(number).items() if key != "event_id"} for number in range(3)]
    file = tmp_path / "events.json"
    file.write_text(json.dumps(events, default=lambda when: when.isoformat()), encoding="utf-8")
    before, requests = ends_of(servers, CONTRACT), proxy.requests
    proxy.loses_next = True
    done = run(program, proxy.address, file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert proxy.requests == requests + 2
    found = [each.event["event_id"] for each in records_since(servers, CONTRACT, before)]
    assert len(found) == 6
    assert set(found) == set(json.loads(done.stdout)["event_ids"])


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_example_tells_of_a_refusal_at_once(proxy: Forgetful, tmp_path: Path, program: str) -> None:
    file = tmp_path / "events.json"
    file.write_text('{"status": "two"}', encoding="utf-8")
    done = run(program, proxy.address, file)
    assert done.returncode == 1
    assert json.loads(done.stdout)["title"] == "The event breaks its contract"
