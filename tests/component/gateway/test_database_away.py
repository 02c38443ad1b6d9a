"""PostgreSQL is away or silent: who is known may go on writing, nobody is refused for it, and a start waits for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.component.gateway.running import HTTP, TOPIC, Gateway, example, wait_until
from tests.component.landing.test_outages import address, through
from tests.relay import Relay, relay_to


@pytest.fixture
def relay(own_gateway: Gateway) -> Iterator[Relay]:
    with relay_to(*address(own_gateway.settings.access.gateway_url)) as relay:
        yield relay


def through_relay(gateway: Gateway, relay: Relay) -> str:
    return through(relay, gateway.settings.access.gateway_url)


@pytest.mark.parametrize("how", ["cut", "silence"])
def test_known_clients_go_on_while_postgresql_is_away(own_gateway: Gateway, relay: Relay, how: str) -> None:
    own_gateway.stop()
    own_gateway.start(GATEWAY_DATABASE_URL=through_relay(own_gateway, relay))
    wait_until(lambda: own_gateway.post(example()).status_code == 202)
    {"cut": relay.cut, "silence": relay.silence}[how]()
    wait_until(lambda: '"action": "access_away"' in own_gateway.log.read_text(), 30)
    assert [own_gateway.post(example()).status_code for _ in range(5)] == [202] * 5
    if how == "cut":
        asked = HTTP.get(
            f"{own_gateway.url}/events/{TOPIC}/{uuid4()}", headers={"authorization": f"Bearer {own_gateway.key}"}
        )
        assert (asked.status_code, "Retry-After" in asked.headers) == (503, True)
    relay.mend()
    wait_until(lambda: '"action": "access_back"' in own_gateway.log.read_text(), 30)


def test_a_gateway_that_starts_while_postgresql_is_away_asks_for_patience(own_gateway: Gateway, relay: Relay) -> None:
    own_gateway.stop()
    relay.cut()
    command = [str(Path(sys.executable).with_name("hagiang")), "gateway", "--port", str(own_gateway.port)]
    environ = {**own_gateway.environ, "GATEWAY_DATABASE_URL": through_relay(own_gateway, relay)}
    with own_gateway.log.open("ab") as output:
        own_gateway.process = subprocess.Popen(command, env=environ, stdout=output, stderr=output)
    wait_until(own_gateway.answers)
    answer = own_gateway.post(example())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "not ready" in answer.json()["detail"]
    ready = httpx.get(f"{own_gateway.url}/health/ready")
    assert (ready.status_code, ready.json()["G001_access"]) == (503, "never read")
    relay.mend()
    wait_until(lambda: own_gateway.post(example()).status_code == 202)
