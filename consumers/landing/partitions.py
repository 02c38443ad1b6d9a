"""The partitions this process reads, each with the batch it is gathering."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from consumers.landing.assignments import Assignments
from consumers.landing.limits import LandingLimits
from consumers.landing.records import OpenBatch

log = logging.getLogger(__name__)


@dataclass
class Reading:
    """A partition from its assignment until it is lost; `next_offset` is where the next batch begins."""

    next_offset: int
    batch: OpenBatch | None = None


class Partitions:
    """Follows the group's assignments; gathers records into one open batch for each partition.

    What was gathered of a partition that is lost is dropped: its new owner reads it again.
    """

    def __init__(
        self,
        consumer: Any,
        start_of: Callable[[TopicPartition], int],
        limits: LandingLimits,
        clock: Callable[[], float],
    ) -> None:
        self._consumer = consumer
        self._start_of = start_of
        self._limits = limits
        self._clock = clock
        self._waiting: set[TopicPartition] = set()
        self._reading: dict[TopicPartition, Reading] = {}
        self._paused = False
        self.assignments = Assignments(consumer)

    def follow_assignments(self) -> None:
        """Drop what was lost, begin what was assigned; raises what `start_of` raises, and may be called again then."""
        lost, assigned = self.assignments.take()
        for partition in lost:
            self._waiting.discard(partition)
            self._reading.pop(partition, None)
        self._waiting |= assigned
        for partition in sorted(self._waiting):
            self._begin(partition, self._start_of(partition))

    def drop_all(self) -> None:
        """Forget everything: the group is joined anew."""
        self.assignments.take()
        self._waiting.clear()
        self._reading.clear()
        self._paused = False

    def gather(self, partition: TopicPartition, records: list[Any]) -> None:
        """Add records that poll returned to the partition's open batch."""
        reading = self._reading[partition]
        if reading.batch is None:
            start = reading.next_offset
            reading.batch = OpenBatch(partition.topic, partition.partition, start, start, self._clock())
        reading.batch.add(records, self._consumer.position(partition))
        reading.next_offset = reading.batch.next_offset

    def take_due(self) -> Iterator[OpenBatch]:
        """Close and give the batches that are due."""
        now = self._clock()
        for reading in self._reading.values():
            if reading.batch is not None and reading.batch.is_due(self._limits, now):
                yield reading.batch
                reading.batch = None

    def take_all(self) -> Iterator[OpenBatch]:
        """Close and give all batches."""
        for reading in self._reading.values():
            if reading.batch is not None:
                yield reading.batch
                reading.batch = None

    def owns(self, partition: TopicPartition) -> bool:
        """Whether the partition is still read by this process."""
        return partition in self._reading

    def throttle(self, written_bytes: int) -> None:
        """Pause reading while the bytes gathered and `written_bytes`, those being written, are too many."""
        gathered = sum(reading.batch.held_bytes for reading in self._reading.values() if reading.batch)
        held = gathered + written_bytes
        if not self._paused and held >= self._limits.held_bytes:
            self._consumer.pause(*self._reading)
            self._paused = True
            log.info("paused, %d bytes are held", held, extra={"action": "paused", "held_bytes": held})
        elif self._paused and held < self._limits.held_bytes // 2:
            self._consumer.resume(*self._reading)
            self._paused = False

    def _begin(self, partition: TopicPartition, start: int) -> None:
        self._consumer.seek(partition, start)
        if not self._paused:
            self._consumer.resume(partition)
        self._reading[partition] = Reading(start)
        self._waiting.discard(partition)
        log.info(
            "reading %s/%d from %d",
            partition.topic,
            partition.partition,
            start,
            extra={"action": "partition_begun", "offset": start},
        )
