"""A gateway process of tests, and what they do with it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import fastavro
import httpx
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy import Engine

from infra.local.ports import choose_ports, free_range
from infra.settings import Settings
from producers.pseudonyms import ensure_keys, purposes_of
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples
from schemas.wire import unframe
from tests.component.landing.place import options
from tests.granted_clients import grant_client
from tests.waiting import wait_until

EVENT = "dossier_status_changed"
TOPIC = "government.dossier_status_changed"
SOURCE = "H22.21"
# One client, since each reads all certificates anew, and every request on a connection of its own: gateways are killed.
HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


@dataclass
class Gateway:
    """`client` may write dossier_status_changed, seller_onboarded and what comes of other formats but documents that
    were sent, for H22.21, FPT and all shopee shops."""

    settings: Settings
    engine: Engine
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    client: str = ""
    key: str = ""
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "gateway.log"

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def start(self, **environ: str) -> None:
        """Start the process and wait until it knows its clients; it answers 503 before."""
        command = [str(Path(sys.executable).with_name("hagiang")), "gateway", "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(command, env={**self.environ, **environ}, stdout=output, stderr=output)
        wait_until(self.answers)
        wait_until(lambda: self.checks()["G001_access"] == "ok")

    def answers(self) -> bool:
        try:
            return HTTP.get(f"{self.url}/health/live", timeout=2).is_success
        except httpx.TransportError:
            assert self.process is not None
            assert self.process.poll() is None, self.log.read_text()[-3000:]
            return False

    def checks(self) -> dict[str, Any]:
        told: dict[str, Any] = HTTP.get(f"{self.url}/health/ready", timeout=5).json()
        return told

    def reaches_kafka(self) -> bool:
        return self.checks()["G002_kafka"] == "ok"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(30)

    def post(self, body: Any, topic: str = TOPIC, *, query: str = "", **headers: str) -> httpx.Response:
        """POST what is given: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return HTTP.post(f"{self.url}/events/{topic}{query}", content=content, headers=told, timeout=30)


@contextmanager
def gateway_process(settings: Settings, engine: Engine, folder: Path) -> Iterator[Gateway]:
    """A gateway that reaches Kafka, with a client of its own; killed at the end if it still runs."""
    client = f"so-{uuid4().hex[:10]}"
    granted = [EVENT, "seller_onboarded", "document_status_changed", "cooperation_task_updated"]
    key = grant_client(engine, client, granted, [SOURCE, "shopee:*", "fpt"])
    keys = folder / "pseudonym-keys.json"
    ensure_keys(keys, purposes_of(load_catalog().values()))
    environ = {
        **os.environ,
        "HAGIANG_HOME": str(settings.home),
        "GATEWAY_SPOOL": str(folder / "spool"),
        "PSEUDONYM_KEYS": str(keys),
    }
    port = choose_ports({}, {}, automatic=True, among=free_range(os.environ))[0]["gateway"]
    gateway = Gateway(settings, engine, folder, environ, None, client, key, port)
    try:
        gateway.start()
        wait_until(gateway.reaches_kafka)
        wait_until(lambda: gateway.post(example()).status_code == 202)
        yield gateway
    finally:
        if gateway.process is not None:
            gateway.process.kill()
            gateway.process.wait()


def example(event: str = EVENT, **changes: Any) -> dict[str, Any]:
    """An accepted example with an identity of its own and the source that the test's client has."""
    return {**_model(event), "event_id": str(uuid4()), **changes}


@cache
def _model(event: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each.payload for each in load_examples()[event] if each.accepted)
    return found


def numbered(count: int) -> Iterator[dict[str, Any]]:
    """Events of one dossier, one after the other."""
    return (example(occurred_at=1_624_500_000_000 + number) for number in range(count))


def ends_of(settings: Settings, topic: str) -> dict[TopicPartition, int]:
    """Where the topic ends now."""
    with closing(KafkaConsumer(**options(settings, settings.kafka.landing))) as consumer:
        partitions = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
        found: dict[TopicPartition, int] = consumer.end_offsets(partitions)
        return found


def records_after(settings: Settings, starts: Mapping[TopicPartition, int]) -> list[Any]:
    """All records of the topic from the positions on, in the order of each partition."""
    with closing(KafkaConsumer(**options(settings, settings.kafka.landing))) as consumer:
        consumer.assign(list(starts))
        for partition, start in starts.items():
            consumer.seek(partition, start)
        ends = consumer.end_offsets(list(starts))
        found: list[Any] = []
        while any(consumer.position(partition) < end for partition, end in ends.items()):
            for records in consumer.poll(1000).values():
                found += records
        return found


def events_in(records: Sequence[Any], event: str = EVENT) -> list[dict[str, Any]]:
    """The records' events as their Avro schema sees them."""
    schema = prepare(load_catalog()[event]).schema
    return [fastavro.schemaless_reader(io.BytesIO(unframe(record.value)[1]), schema, None) for record in records]
