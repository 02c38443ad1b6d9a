"""Where the partitions end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kafka import TopicPartition
from kafka.protocol.consumer import OffsetSpec

from infra.kafka.admin import open_admin
from infra.settings import Kafka
from schemas.contract import Contract

Offsets = Mapping[tuple[str, int], int]


def end_offsets(kafka: Kafka, contracts: Iterable[Contract]) -> Offsets:
    """For each (topic, partition) the offset its next record will get; raises kafka.errors.KafkaError."""
    partitions = [TopicPartition(c.topic, number) for c in contracts for number in range(c.partitions)]
    with open_admin(kafka) as admin:
        found = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
    return {(partition.topic, partition.partition): at.offset for partition, at in found.items()}
