"""What stands in a topic, decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import fastavro
from kafka import KafkaConsumer, TopicPartition

from infra.settings import Settings
from schemas.codec import prepare
from schemas.contract import Contract
from schemas.wire import unframe
from tests.component.landing.place import options


@dataclass(frozen=True)
class TopicRecord:
    """`event` as Avro's plain types."""

    key: str
    event: Mapping[str, Any]
    headers: Mapping[str, bytes]


def ends_of(settings: Settings, contract: Contract) -> dict[int, int]:
    """The end of each partition."""
    with closing(KafkaConsumer(**options(settings, settings.kafka.landing))) as consumer:
        partitions = [TopicPartition(contract.topic, number) for number in range(contract.partitions)]
        return {each.partition: end for each, end in consumer.end_offsets(partitions).items()}


def records_since(
    settings: Settings, contract: Contract, starts: Mapping[int, int] | None = None
) -> Iterator[TopicRecord]:
    """The records from those offsets on, or all, in the order of each partition."""
    schema = prepare(contract).schema
    partitions = [TopicPartition(contract.topic, number) for number in range(contract.partitions)]
    with closing(KafkaConsumer(**options(settings, settings.kafka.landing))) as consumer:
        consumer.assign(partitions)
        for each in partitions:
            consumer.seek(each, (starts or {}).get(each.partition, 0))
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(each) < ends[each] for each in partitions):
            for records in consumer.poll(timeout_ms=200).values():
                for record in records:
                    event = fastavro.schemaless_reader(io.BytesIO(unframe(record.value)[1]), schema)
                    yield TopicRecord(record.key.decode(), event, dict(record.headers))
