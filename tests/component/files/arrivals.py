"""What has arrived on the topics since a test began."""

from __future__ import annotations

import io
from typing import Any

import fastavro
from kafka import KafkaConsumer, TopicPartition

from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.wire import unframe
from tests.component.landing.place import options


class Arrivals:
    """Knows where each topic ended when it was made; other tests' events from before are not shown."""

    def __init__(self, settings: Settings) -> None:
        self._consumer = KafkaConsumer(**options(settings, settings.kafka.landing))
        self._catalog = load_catalog()
        self._began = {event: self._ends(event) for event in ("tourism_visit_reported", "order_status_changed")}

    def __enter__(self) -> Arrivals:
        return self

    def __exit__(self, *_: object) -> None:
        self._consumer.close()

    def of(self, event: str) -> list[dict[str, Any]]:
        """Every event that has arrived on its topic, decoded; the order is that of each partition."""
        ends = self._ends(event)
        self._consumer.assign(list(ends))
        for partition, offset in self._began[event].items():
            self._consumer.seek(partition, offset)
        values: list[bytes] = []
        while any(self._consumer.position(partition) < end for partition, end in ends.items()):
            for records in self._consumer.poll(timeout_ms=1_000).values():
                values += [record.value for record in records]
        return [self._decoded(event, value) for value in values]

    def _ends(self, event: str) -> dict[TopicPartition, int]:
        contract = self._catalog[event]
        partitions = [TopicPartition(contract.topic, number) for number in range(contract.partitions)]
        ends: dict[TopicPartition, int] = self._consumer.end_offsets(partitions)
        return ends

    def _decoded(self, event: str, value: bytes) -> dict[str, Any]:
        _, datum = unframe(value)
        schema = fastavro.parse_schema(self._catalog[event].schema)
        decoded = fastavro.schemaless_reader(io.BytesIO(datum), schema, None)
        assert isinstance(decoded, dict)
        return decoded
