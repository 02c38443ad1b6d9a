from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from infra.settings import Settings
from tests import local_stack
from tests.component.landing.place import Place, new_place, wait_until
from tests.component.landing.running import landing_thread
from tests.component.local.kept_stack import KeptStack
from tests.relay import Relay, relay_to


@pytest.fixture
def store_relay(place: Place) -> Iterator[Relay]:
    with relay_to(*address(place.settings.lake.endpoint_url)) as relay:
        yield relay


@pytest.fixture
def registry_relay(place: Place) -> Iterator[Relay]:
    with relay_to(*address(place.settings.registry_url)) as relay:
        yield relay


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return str(parts.hostname), int(parts.port or 80)


def through(relay: Relay, url: str) -> str:
    parts = urlsplit(url)
    login = f"{parts.username}:{parts.password}@" if parts.username else ""
    return urlunsplit(parts._replace(netloc=f"{login}127.0.0.1:{relay.port}"))


def with_store(settings: Settings, relay: Relay) -> Settings:
    return replace(settings, lake=replace(settings.lake, endpoint_url=through(relay, settings.lake.endpoint_url)))


def test_landing_outlives_the_store(place: Place, store_relay: Relay) -> None:
    with landing_thread(place, settings=with_store(place.settings, store_relay)):
        place.send_good(20)
        wait_until(lambda: len(place.landed()) == 20)
        store_relay.cut()
        place.send_good(30, start=20)
        threading.Event().wait(1.5)
        assert len(place.landed()) == 20
        store_relay.mend()
        wait_until(lambda: len(place.landed()) == 50)
        wait_until(lambda: place.committed() == 50)
    assert place.landed() == list(range(50))
    assert all(batch.rejected == 0 for batch in place.batches())


def test_landing_begins_while_the_store_is_away(place: Place, store_relay: Relay) -> None:
    place.send_good(10)
    store_relay.cut()
    with landing_thread(place, settings=with_store(place.settings, store_relay)):
        wait_until(lambda: place.members() == 1)
        store_relay.mend()
        wait_until(lambda: len(place.landed()) == 10)


def test_no_record_is_rejected_because_the_registry_is_away(place: Place, registry_relay: Relay) -> None:
    settings = replace(place.settings, registry_url=through(registry_relay, place.settings.registry_url))
    registry_relay.cut()
    with landing_thread(place, settings=settings):
        place.send_good(10)
        wait_until(lambda: place.members() == 1)
        threading.Event().wait(1.0)
        assert place.batches() == []
        registry_relay.mend()
        wait_until(lambda: len(place.landed()) == 10)
    assert [batch.rejected for batch in place.batches()] == [0] * len(place.batches())


def test_landing_that_is_told_to_stop_during_an_outage_stops(place: Place, store_relay: Relay) -> None:
    with landing_thread(place, settings=with_store(place.settings, store_relay), flush_s=1.0) as stop:
        place.send_good(10)
        wait_until(lambda: len(place.landed()) == 10)
        store_relay.cut()
        place.send_good(5, start=10)
        stop.set()
    assert place.reached(0) == 10
    with landing_thread(place):
        wait_until(lambda: place.landed() == list(range(15)))


def test_landing_that_waits_for_a_broker_can_be_stopped(place: Place) -> None:
    nowhere = replace(place.settings, kafka=replace(place.settings.kafka, bootstrap_servers="127.0.0.1:9"))
    with landing_thread(place, settings=nowhere) as stop:
        threading.Event().wait(0.5)
        stop.set()
    assert place.batches() == []


@pytest.fixture
def own_place(tmp_path: Path) -> Iterator[Place]:
    """On servers of its own: a killed broker may refuse all logins for minutes when clients came and went before."""
    home = tmp_path / "stack"
    try:
        servers = local_stack.start(home, ("postgres", "kafka", "store", "registry"))
        with new_place(servers, tmp_path) as place:
            yield place
    finally:
        local_stack.stop(home)


def test_landing_outlives_the_broker(own_place: Place) -> None:
    servers = KeptStack(own_place.settings.home)
    with landing_thread(own_place):
        own_place.send_good(10)
        wait_until(lambda: len(own_place.landed()) == 10)
        servers.kill("kafka")
        wait_until(lambda: servers.is_ready("kafka"), 60)
        own_place.send_good(10, start=10)
        wait_until(lambda: own_place.landed() == list(range(20)), 60)
        wait_until(lambda: own_place.committed() == 20, 60)
