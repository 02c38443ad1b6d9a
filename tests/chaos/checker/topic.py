"""What stands in the topic, read by a plain consumer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from kafka import KafkaConsumer, TopicPartition

from infra.settings import Settings

Topic = Mapping[tuple[int, int], bytes]
"""Values by partition and offset."""


def read_topic(settings: Settings, topic: str) -> Topic:
    """All of it, from each partition's begin to its end."""
    found: dict[tuple[int, int], bytes] = {}
    with _consumer(settings) as consumer:
        partitions = _partitions(consumer, topic)
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(each) < ends[each] for each in partitions):
            for records in consumer.poll(timeout_ms=500).values():
                found |= {(record.partition, record.offset): record.value for record in records}
    return found


def ends_of(settings: Settings, topic: str) -> Mapping[int, int]:
    """The offset after the last of each partition."""
    with _consumer(settings) as consumer:
        return {each.partition: end for each, end in consumer.end_offsets(_partitions(consumer, topic)).items()}


def _consumer(settings: Settings) -> closing[KafkaConsumer]:
    return closing(KafkaConsumer(**settings.kafka.client_options(settings.kafka.landing)))


def _partitions(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    return [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
