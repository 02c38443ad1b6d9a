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
    with closing(KafkaConsumer(**settings.kafka.client_options(settings.kafka.landing))) as consumer:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic))]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(each) < ends[each] for each in partitions):
            for records in consumer.poll(timeout_ms=500).values():
                found |= {(record.partition, record.offset): record.value for record in records}
    return found
