"""Servers that hold their connections and do not answer: landing waits for them, and goes on by itself."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import psutil
import pytest

from infra.local.status import stack_status
from infra.object_store import StoreUnavailable, open_lake
from infra.settings import Settings
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import landing_thread
from tests.component.landing.test_outages import address, through, with_store
from tests.relay import Relay, relay_to


@contextmanager
def frozen_broker(settings: Settings) -> Iterator[None]:
    (kafka,) = stack_status(settings.home, os.environ, only=("kafka",))
    broker = psutil.Process(kafka.pid)
    broker.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        broker.send_signal(signal.SIGCONT)


@pytest.fixture
def store_relay(place: Place) -> Iterator[Relay]:
    with relay_to(*address(place.settings.lake.endpoint_url)) as relay:
        yield relay


@pytest.fixture
def database_relay(place: Place) -> Iterator[Relay]:
    with relay_to(*address(place.settings.access.landing_url)) as relay:
        yield relay


def with_database(settings: Settings, relay: Relay) -> Settings:
    url = through(relay, settings.access.landing_url)
    return replace(settings, access=replace(settings.access, landing_url=url))


def test_landing_goes_on_after_a_broker_that_hung(place: Place) -> None:
    with landing_thread(place):
        place.send_good(10)
        wait_until(lambda: len(place.landed()) == 10)
        with frozen_broker(place.settings):
            threading.Event().wait(7.0)
        place.send_good(10, start=10)
        wait_until(lambda: place.landed() == list(range(20)))
        wait_until(lambda: place.committed() == 20)


def test_landing_goes_on_after_a_store_that_hung(place: Place, store_relay: Relay) -> None:
    with landing_thread(place, settings=with_store(place.settings, store_relay)):
        place.send_good(10)
        wait_until(lambda: len(place.landed()) == 10)
        store_relay.silence()
        place.send_good(10, start=10)
        threading.Event().wait(2.0)
        assert len(place.landed()) == 10
        store_relay.mend()
        wait_until(lambda: place.landed() == list(range(20)))


def test_a_store_that_hangs_is_unavailable_after_its_time(place: Place, store_relay: Relay) -> None:
    store_relay.silence()
    lake = with_store(place.settings, store_relay).lake
    with pytest.raises(StoreUnavailable, match="timeout"):
        open_lake(lake, timeout_s=0.5).put("a", b"")


def test_landing_of_known_clients_goes_on_while_postgresql_hangs(place: Place, database_relay: Relay) -> None:
    with landing_thread(place, settings=with_database(place.settings, database_relay)):
        place.send_good(10)
        wait_until(lambda: len(place.landed()) == 10)
        database_relay.silence()
        place.send_good(10, start=10)
        wait_until(lambda: len(place.landed()) == 20, 20)
    assert place.landed() == list(range(20))


def test_landing_can_be_stopped_while_postgresql_hangs(place: Place, database_relay: Relay) -> None:
    with landing_thread(place, settings=with_database(place.settings, database_relay)) as stop:
        place.send([b"no event"])
        wait_until(lambda: len(place.landed()) == 1)
        database_relay.silence()
        place.send([b"no event"])
        wait_until(lambda: len(place.landed()) == 2, 20)
        begun = time.monotonic()
        stop.set()
    assert time.monotonic() - begun < 15


def test_landing_pauses_rather_than_grows_while_the_store_is_away(
    place: Place, store_relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    bound, one_poll = 100_000, 100
    caplog.set_level(logging.INFO, "consumers.landing")
    limits = {"batch_records": 200, "poll_records": one_poll, "held_bytes": bound}
    with landing_thread(place, settings=with_store(place.settings, store_relay), **limits):
        for partition in (0, 1):
            place.send_good(1, partition)
        wait_until(lambda: place.landed(0) == place.landed(1) == [0])
        store_relay.cut()
        for partition in (0, 1):
            place.send_good(2999, partition, start=1)
        wait_until(lambda: _held(caplog))
        threading.Event().wait(2.0)
        assert place.landed() == [0]
        store_relay.mend()
        wait_until(lambda: [place.reached(partition) for partition in (0, 1)] == [3000, 3000])
    assert max(_held(caplog)) < bound + 2 * one_poll * 200
    assert place.landed(0) == place.landed(1) == list(range(3000))


def _held(caplog: pytest.LogCaptureFixture) -> list[int]:
    return [record.held_bytes for record in caplog.records if getattr(record, "action", "") == "paused"]
