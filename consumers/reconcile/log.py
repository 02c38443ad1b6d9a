"""Kafka's side: what each partition holds, for how long, and since when its first record that has not landed waits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from kafka import TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from consumers.landing.connect import KafkaUnavailable, asking_kafka, open_consumer
from consumers.landing.limits import DEFAULT_LIMITS
from consumers.reconcile.partition import LogState
from infra.settings import Kafka

_TIMEOUT_MS = 15_000
_POLLS = 40
"""How often a quarter of a second is waited for the first record of every partition."""


def log_states(
    kafka: Kafka, topics: Collection[str], landed: Mapping[TopicPartition, int]
) -> dict[TopicPartition, LogState]:
    """The state of every partition that Kafka has of the topics; `landed` says where the lake of each ends.

    Needs the logins of landing (reads) and of the administrator (settings). Nothing is committed, no group is joined.
    Raises KafkaUnavailable, KafkaRefused.
    """
    with closing(open_consumer(kafka, replace(DEFAULT_LIMITS, poll_records=500))) as consumer:
        existing = sorted(asking_kafka(consumer.topics) & set(topics))
        partitions = [
            TopicPartition(topic, number)
            for topic in existing
            for number in sorted(asking_kafka(partial(consumer.partitions_for_topic, topic)) or ())
        ]
        starts = asking_kafka(lambda: consumer.beginning_offsets(partitions, timeout_ms=_TIMEOUT_MS))
        ends = asking_kafka(lambda: consumer.end_offsets(partitions, timeout_ms=_TIMEOUT_MS))
        waiting = {each: max(landed.get(each, 0), starts[each]) for each in partitions}
        waiting = {each: offset for each, offset in waiting.items() if offset < ends[each]}
        oldest = _first_timestamps(consumer, waiting, ends)
    kept = _retentions(kafka, existing)
    return {each: LogState(starts[each], ends[each], oldest.get(each), kept.get(each.topic)) for each in partitions}


def _first_timestamps(
    consumer: Any, waiting: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
) -> dict[TopicPartition, datetime]:
    """The timestamp of the first record from each offset on; none where only transaction markers are left."""
    found: dict[TopicPartition, datetime] = {}
    left = set(waiting)
    consumer.assign(sorted(left))
    for partition, offset in waiting.items():
        consumer.seek(partition, offset)
    for _ in range(_POLLS):
        if not left:
            return found
        for partition, records in asking_kafka(lambda: consumer.poll(timeout_ms=250)).items():
            if partition in left and records:
                found[partition] = datetime.fromtimestamp(records[0].timestamp / 1000, UTC)
        passed = {each for each in left if asking_kafka(partial(consumer.position, each)) >= ends[each]}
        done = left & (found.keys() | passed)
        consumer.pause(*done)
        left -= done
    if left:
        raise KafkaUnavailable(f"no record of {', '.join(f'{topic}/{number}' for topic, number in sorted(left))} came")
    return found


def _retentions(kafka: Kafka, topics: Collection[str]) -> dict[str, int]:
    """retention.ms of each topic that does not keep its records for ever."""
    if not topics:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in topics]
    options = {**kafka.client_options(kafka.admin), "bootstrap_timeout_ms": _TIMEOUT_MS}
    with closing(asking_kafka(lambda: KafkaAdminClient(**options, client_id="hagiang-reconcile"))) as admin:
        described = asking_kafka(lambda: admin.describe_configs(resources, config_filter="all")).get("topic", {})
    values = {topic: int(described[topic]["retention.ms"]["value"]) for topic in topics}
    return {topic: value for topic, value in values.items() if value >= 0}
