"""The landing loop: poll, gather, write, commit, announce."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition

from consumers.lake.manifest import Manifest
from consumers.landing.announce import Announcer
from consumers.landing.backoff import Backoff
from consumers.landing.commits import Commits
from consumers.landing.connect import asking_kafka
from consumers.landing.limits import LandingLimits
from consumers.landing.membership import Membership
from consumers.landing.partitions import Partitions
from consumers.landing.topics import Topics
from consumers.landing.write import COMMITTED, OnStep
from consumers.landing.writer import BatchWriter, Durable
from infra.errors import OperatorError

log = logging.getLogger(__name__)


@dataclass
class Progress:
    """What has become durable since the start."""

    batches: int = 0
    records: int = 0
    rejected: int = 0

    def count(self, manifest: Manifest) -> None:
        """One more batch."""
        self.batches += 1
        self.records += manifest.records
        self.rejected += manifest.rejected


@dataclass(frozen=True)
class LandingLoop:
    """The parts of landing, and the loop that runs them; all but the writer and the announcer live in one thread."""

    consumer: Any
    topics: Topics
    membership: Membership
    partitions: Partitions
    writer: BatchWriter
    commits: Commits
    announcer: Announcer
    limits: LandingLimits
    clock: Callable[[], float]
    on_step: OnStep
    progress: Progress

    def run(self, stop: threading.Event, until: Callable[[Progress], bool]) -> None:
        """Land until `stop` is set or `until` is true, then write and commit what was gathered.

        While Kafka or the store is away it waits and tries again. Raises errors that no waiting mends.
        """
        backoff = Backoff()
        while not (stop.is_set() or until(self.progress)):
            try:
                self._round()
                backoff.reset()
            except OperatorError as error:
                if not error.retriable:
                    raise
                backoff.wait("a round of landing", error, stop)
        self._flush()

    def _round(self) -> None:
        if self.topics.rescan(self.consumer, self.clock()):
            self.membership.joined = False
        if not self.membership.joined and self.topics.event_of:
            self.partitions.drop_all()
            self.membership.join(self.topics.event_of)
        self.partitions.follow_assignments()
        self.partitions.throttle(self.writer.held_bytes)
        self._read()
        for batch in self.partitions.take_due():
            self.writer.submit(batch)
        self._settle(self.writer.finished())

    def _read(self) -> None:
        polled = asking_kafka(lambda: self.consumer.poll(timeout_ms=int(self.limits.poll_s * 1000)))
        if self.membership.is_lost(self.clock(), records_came=bool(polled)):
            self.membership.joined = False
            return
        for partition, records in polled.items():
            self.partitions.gather(partition, records)

    def _flush(self) -> None:
        for batch in self.partitions.take_all():
            self.writer.submit(batch)
        deadline = self.clock() + self.limits.flush_s
        while self.writer.pending and (left := deadline - self.clock()) > 0:
            self._settle(self.writer.finished(wait_s=left))
        if self.writer.pending:
            log.warning(
                "%d batches could not be written in time, they are read again at the next start",
                self.writer.pending,
                extra={"action": "batches_given_up", "batches": self.writer.pending},
            )

    def _settle(self, durable: Sequence[Durable]) -> None:
        """Count, commit and announce batches that have become durable."""
        for done in durable:
            self.progress.count(done.manifest)
            partition = TopicPartition(done.manifest.topic, done.manifest.partition)
            if self.partitions.owns(partition):
                self.commits.note(partition, done.manifest.next_offset)
        if self.commits.send(self.clock()):
            self.on_step(COMMITTED)
        for topic in {done.batch.topic for done in durable} & self.topics.event_of.keys():
            self.announcer.announce(self.topics.event_of[topic])
