"""The SDK with a spool, on a real broker."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings
from producers.encoder import EventEncoder
from producers.kafka_connection import connect_impatiently
from producers.schema_ids import KeptIds
from producers.signing import signing_as
from producers.spool.files import Position
from producers.spool.spool import Spool
from producers.spool.store import Chunk
from producers.spooled import SpooledProducer, open_spooled_producer
from schemas.catalog import load_catalog
from schemas.registry import Registry
from tests.component.gateway.running import EVENT, TOPIC, ends_of, events_in, example, records_after, wait_until

NOTHING = Chunk((), Position(0, 0))


def producer_on(settings: Settings, folder: Path, connect: Callable[[], Any]) -> SpooledProducer:
    ids = KeptIds(Registry(settings.registry_url), folder / "ids.json")
    encoder = EventEncoder(load_catalog(), ids, signing_as(settings.signer))
    return SpooledProducer(encoder, Spool(folder), connect, [TOPIC])


def test_what_waits_in_the_spool_is_not_overtaken(
    servers: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_connect, connected, may_sync, fsync = threading.Event(), threading.Event(), threading.Event(), os.fsync

    def connect() -> Any:
        may_connect.wait()
        kafka = connect_impatiently(servers.kafka)
        connected.set()
        return kafka

    start = ends_of(servers, TOPIC)
    first, second = example(), example()
    with producer_on(servers, tmp_path, connect) as producer:
        producer.encoder.codec_of(EVENT)
        monkeypatch.setattr(os, "fsync", lambda descriptor: (may_sync.wait(30), fsync(descriptor)))
        # As it is for a moment when the drainer looks before the spool's own thread has begun to write.
        read = producer.spool.read
        monkeypatch.setattr(producer.spool, "read", lambda: read() if may_sync.is_set() else NOTHING)
        earlier = producer.send(EVENT, first)
        may_connect.set()
        assert connected.wait(30)
        assert not threading.Event().wait(1.0)
        assert not producer.reaches_kafka
        later = producer.send(EVENT, second)
        may_sync.set()
        assert earlier.result().offset == later.result().offset == -1
        assert earlier.spooled
        wait_until(lambda: producer.reaches_kafka)
    sent = [event["event_id"] for event in events_in(records_after(servers, start))]
    assert sent == [first["event_id"], second["event_id"]]


def test_with_kafka_there_a_receipt_tells_the_offset(servers: Settings, tmp_path: Path) -> None:
    with open_spooled_producer(servers, load_catalog(), spool=tmp_path) as producer:
        wait_until(lambda: producer.reaches_kafka)
        receipt = producer.send(EVENT, example())
        sent = receipt.result()
    assert (sent.topic, sent.event_id, receipt.spooled) == (TOPIC, receipt.event_id, False)
    assert sent.offset >= 0


def test_it_starts_without_servers_once_it_has_heard_the_schema_ids(servers: Settings, tmp_path: Path) -> None:
    with open_spooled_producer(servers, load_catalog(), spool=tmp_path) as producer:
        producer.send(EVENT, example()).result()
        wait_until(lambda: producer.reaches_kafka)
    nowhere = replace(servers.kafka, bootstrap_servers="127.0.0.1:9")
    alone = replace(servers, kafka=nowhere, registry_url="http://127.0.0.1:9")
    with open_spooled_producer(alone, load_catalog(), spool=tmp_path) as producer:
        receipt = producer.send(EVENT, example())
        assert receipt.result(5).offset == -1
        assert producer.spool.records == 1
    start = ends_of(servers, TOPIC)
    with open_spooled_producer(servers, load_catalog(), spool=tmp_path) as producer:
        wait_until(lambda: producer.reaches_kafka)
    assert [event["event_id"] for event in events_in(records_after(servers, start))] == [receipt.event_id]
