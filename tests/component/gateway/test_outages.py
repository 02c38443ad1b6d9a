"""Every 202 is in the topic afterwards, whatever happens to Kafka, the registry and the gateway in between."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psutil

from infra.local.status import stack_status
from tests.component.gateway.running import (
    TOPIC,
    Gateway,
    ends_of,
    events_in,
    example,
    numbered,
    records_after,
    wait_until,
)

NOWHERE = {"KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9", "SCHEMA_REGISTRY_URL": "http://127.0.0.1:9"}


@contextmanager
def frozen_kafka(gateway: Gateway) -> Iterator[None]:
    """Kafka holds its connections and answers nothing."""
    broker = broker_of(gateway)
    broker.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        broker.send_signal(signal.SIGCONT)


def broker_of(gateway: Gateway) -> psutil.Process:
    (kafka,) = stack_status(gateway.settings.home, os.environ, only=("kafka",))
    return psutil.Process(kafka.pid)


class Writer:
    """Posts one event after the other until told to stop, and keeps those that were taken."""

    def __init__(self, gateway: Gateway) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused: list[int] = []
        self._gateway, self._stop = gateway, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        for event in numbered(100_000):
            if self._stop.is_set():
                return
            try:
                answer = self._gateway.post(event)
            except httpx.TransportError:
                continue
            if answer.status_code == 202:
                self.taken.append(event)
            else:
                self.refused.append(answer.status_code)


def assert_in_topic_in_order(gateway: Gateway, start: Any, events: list[dict[str, Any]]) -> None:
    """All are there; first sights of them (a repeat has the same event_id) come in the order they were taken."""
    wanted = [event["event_id"] for event in events]
    wait_until(lambda: gateway.checks()["G003_spool"] == "empty" and gateway.reaches_kafka())
    found = [event["event_id"] for event in events_in(records_after(gateway.settings, start))]
    assert [each for each in dict.fromkeys(found) if each in set(wanted)] == wanted


def test_nothing_is_lost_while_kafka_is_killed(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    with Writer(own_gateway) as writer:
        wait_until(lambda: len(writer.taken) > 20)
        broker_of(own_gateway).kill()
        wait_until(lambda: not own_gateway.reaches_kafka())
        before = len(writer.taken)
        wait_until(lambda: len(writer.taken) > before + 50)
        wait_until(own_gateway.reaches_kafka, 90)
        before = len(writer.taken)
        wait_until(lambda: len(writer.taken) > before + 20)
    assert writer.refused == []
    assert_in_topic_in_order(own_gateway, start, writer.taken)


def test_nothing_is_lost_when_the_gateway_is_killed_while_kafka_hangs(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    with frozen_kafka(own_gateway):
        with Writer(own_gateway) as writer:
            wait_until(lambda: len(writer.taken) > 100)
            own_gateway.stop(signal.SIGKILL)
        taken = list(writer.taken)
        own_gateway.start()
        assert own_gateway.post(example()).status_code == 202
    assert_in_topic_in_order(own_gateway, start, taken)


def test_the_gateway_starts_and_takes_events_while_kafka_and_registry_are_away(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    assert own_gateway.stop() == 0
    own_gateway.start(**NOWHERE)
    events = list(numbered(30))
    wait_until(lambda: own_gateway.post(events[0]).status_code == 202)
    answers = [own_gateway.post(event, query="?wait=true") for event in events[1:]]
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].json()["records"] == [{"event_id": events[1]["event_id"], "topic": TOPIC, "spooled": True}]
    assert own_gateway.checks()["spooled_records"] == 30
    assert own_gateway.stop() == 0
    own_gateway.start()
    assert_in_topic_in_order(own_gateway, start, events)


def test_what_the_spool_has_no_room_for_is_refused_with_507(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    own_gateway.stop()
    own_gateway.start(GATEWAY_SPOOL_BYTES="4000", **NOWHERE)
    answers = [(event, own_gateway.post(event)) for event in numbered(20)]
    statuses = [answer.status_code for _, answer in answers]
    assert statuses == sorted(statuses)
    assert set(statuses) == {202, 507}
    refusal = answers[-1][1].json()
    assert refusal["type"].endswith("spool-full")
    assert "Retry-After" in answers[-1][1].headers
    assert httpx.get(f"{own_gateway.url}/health/ready").status_code == 503
    own_gateway.stop()
    own_gateway.start()
    assert_in_topic_in_order(own_gateway, start, [event for event, answer in answers if answer.status_code == 202])


def test_a_torn_spool_is_cut_and_told(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    own_gateway.stop()
    own_gateway.start(**NOWHERE)
    events = list(numbered(10))
    assert {own_gateway.post(event).status_code for event in events} == {202}
    own_gateway.stop(signal.SIGKILL)
    segment = max(own_gateway.spool.glob("*.segment"))
    os.truncate(segment, segment.stat().st_size - 3)
    own_gateway.start()
    assert_in_topic_in_order(own_gateway, start, events[:-1])
    assert '"action": "cut_spool"' in own_gateway.log.read_text()
    figures = httpx.get(f"{own_gateway.url}/metrics").text
    (cut,) = [line.split()[1] for line in figures.splitlines() if line.startswith("gateway_spool_cut_bytes ")]
    assert float(cut) > 100


def test_a_gateway_that_is_told_to_stop_loses_nothing(own_gateway: Gateway) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    with Writer(own_gateway) as writer:
        wait_until(lambda: len(writer.taken) > 50)
        assert own_gateway.stop() == 0
    own_gateway.start()
    assert_in_topic_in_order(own_gateway, start, writer.taken)
