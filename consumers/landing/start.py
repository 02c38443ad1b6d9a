"""Where a partition is read from: the lake says, Kafka's committed offset only saves looking through it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from kafka import TopicPartition

from consumers.lake.batches import lake_end, ranges_after
from consumers.lake.manifest import Manifest
from consumers.landing.connect import asking_kafka
from infra.errors import OperatorError
from infra.object_store import LakeStore, ObjectExists

log = logging.getLogger(__name__)

_TIMEOUT_MS = 10_000


class OffsetsLost(OperatorError):
    """Kafka deleted records before landing read them. Bring them back (restore the lake or the topic), or accept it.

    `hagiang land --accept-lost` marks the missing range in the lake as lost, and goes on behind it.
    """


class TopicShrunk(OperatorError):
    """The lake holds more of a partition than Kafka does: the topic was made anew, or the address is another cluster's.

    Offsets count from 0 again, so that new records would be taken for landed ones: give the event a new topic name.
    """


def start_of(consumer: Any, store: LakeStore, partition: TopicPartition) -> int:
    """The offset to go on from: the end of what the lake holds without a gap.

    Raises OffsetsLost, TopicShrunk, and the retriable errors of Kafka and store.
    """
    committed = asking_kafka(lambda: consumer.committed(partition, timeout_ms=_TIMEOUT_MS)) or 0
    first = asking_kafka(lambda: consumer.beginning_offsets([partition], timeout_ms=_TIMEOUT_MS))[partition]
    start = landed_up_to(store, partition, committed)
    end = asking_kafka(lambda: consumer.end_offsets([partition], timeout_ms=_TIMEOUT_MS))[partition]
    if start < first:
        log.error(
            "%s/%d: [%d, %d) was deleted before it landed",
            partition.topic,
            partition.partition,
            start,
            first,
            extra={"action": "offsets_lost", "from_offset": start, "next_offset": first},
        )
        raise OffsetsLost(f"{partition.topic}/{partition.partition}: [{start}, {first})")
    if start > end:
        raise TopicShrunk(f"{partition.topic}/{partition.partition}: landed up to {start}, Kafka ends at {end}")
    return start


def landed_up_to(store: LakeStore, partition: TopicPartition, committed: int) -> int:
    """The end of what the lake holds of the partition without a gap.

    What precedes `committed` is believed to be there when a batch reaches up to it; else the lake is looked through.
    """
    topic, number = partition
    reaching = ranges_after(store, topic, number, committed - 1) if committed else iter(())
    believed = any(offsets.from_offset <= committed for offsets in reaching)
    return lake_end(store, topic, number, committed if believed else 0)


def mark_lost(consumer: Any, store: LakeStore, partition: TopicPartition, now: Callable[[], datetime]) -> None:
    """Put an empty batch, marked as lost, over what Kafka deleted of the partition before it landed, if anything."""
    topic, number = partition
    first = asking_kafka(lambda: consumer.beginning_offsets([partition], timeout_ms=_TIMEOUT_MS))[partition]
    start = landed_up_to(store, partition, 0)
    if start >= first:
        return
    lost = Manifest(
        topic=topic,
        partition=number,
        from_offset=start,
        next_offset=first,
        records=0,
        rejected=0,
        files=(),
        first_timestamp=None,
        last_timestamp=None,
        created_at=now().isoformat(timespec="milliseconds"),
        writer="accepted as lost",
        lost=True,
    )
    log.error(
        "%s/%d: [%d, %d) is given up as lost",
        topic,
        number,
        start,
        first,
        extra={"action": "offsets_given_up", "from_offset": start, "next_offset": first},
    )
    try:
        store.put(lost.key, lost.to_json(), if_absent=True)
    except ObjectExists:
        return
