"""What a rebalance of the consumer group gives and takes, handed to the main loop."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Any

from kafka import ConsumerRebalanceListener, TopicPartition


class Assignments(ConsumerRebalanceListener):  # type: ignore[misc]
    """Notes assigned and lost partitions; the client calls it from its own thread.

    A partition is paused as soon as it is assigned, at a position that means nothing, until the main loop has looked up
    where to begin and resumes it: no record of it is read before.
    """

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._lock = threading.Lock()
        self._assigned: set[TopicPartition] = set()
        self._lost: set[TopicPartition] = set()

    def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """See the base class."""
        for partition in assigned:
            self._consumer.seek(partition, 0)
            self._consumer.pause(partition)
        with self._lock:
            self._assigned |= set(assigned)

    def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        """See the base class."""
        with self._lock:
            self._lost |= set(revoked)
            self._assigned -= set(revoked)

    def take(self) -> tuple[set[TopicPartition], set[TopicPartition]]:
        """Partitions lost, and assigned, since the last call; one that was lost and given back is in both."""
        with self._lock:
            lost, assigned = self._lost, self._assigned
            self._lost, self._assigned = set(), set()
        return lost, assigned
