"""What this test's pushes became in the topic."""

from __future__ import annotations

import io
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import fastavro
from kafka import KafkaConsumer, TopicPartition

from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.wire import unframe


@dataclass(frozen=True)
class Record:
    event: dict[str, Any]
    raw_key: str


class Topic:
    """Reads what arrives in the topic from now on."""

    def __init__(self, settings: Settings, event: str = "order_status_changed") -> None:
        self._settings, self._contract = settings, load_catalog()[event]
        with closing(self._consumer()) as consumer:
            numbers = range(self._contract.partitions)
            self._partitions = [TopicPartition(self._contract.topic, number) for number in numbers]
            self._from = consumer.end_offsets(self._partitions)

    def records(self, count: int, seconds: float = 20) -> list[Record]:
        """Exactly so many records: waits for them, and a moment longer for one too many."""
        found: list[Record] = []
        with closing(self._consumer()) as consumer:
            consumer.assign(self._partitions)
            for partition, offset in self._from.items():
                consumer.seek(partition, offset)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                polled = consumer.poll(timeout_ms=400)
                found += [self._decoded(record) for records in polled.values() for record in records]
                if len(found) >= count and not polled:
                    break
        assert len(found) == count, [record.event for record in found]
        return found

    def _decoded(self, record: Any) -> Record:
        event = fastavro.schemaless_reader(io.BytesIO(unframe(record.value)[1]), self._contract.schema, None)
        return Record(dict(event), dict(record.headers)["hg-raw"].decode())  # type: ignore[arg-type]

    def _consumer(self) -> Any:
        kafka = self._settings.kafka
        return KafkaConsumer(
            bootstrap_servers=kafka.bootstrap_servers,
            security_protocol=kafka.security_protocol,
            sasl_mechanism=kafka.sasl_mechanism,
            sasl_plain_username=kafka.landing.user,
            sasl_plain_password=kafka.landing.password,
        )
