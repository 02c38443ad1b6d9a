"""Committing to Kafka what is durable in the lake."""

from __future__ import annotations

import logging
from typing import Any

from kafka import OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

log = logging.getLogger(__name__)

_TIMEOUT_MS = 3_000
_RETRY_S = 1.0


class Commits:
    """Positions to commit. A commit that fails is no loss: the lake says where to go on, and the next one covers it."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._positions: dict[TopicPartition, int] = {}
        self._not_before = 0.0

    def note(self, partition: TopicPartition, next_offset: int) -> None:
        """Everything below `next_offset` is durable."""
        self._positions[partition] = next_offset

    def send(self, now: float) -> bool:
        """Commit what was noted; False when there was nothing, or Kafka would not have it."""
        if not self._positions or now < self._not_before:
            return False
        offsets = {partition: OffsetAndMetadata(position, "", -1) for partition, position in self._positions.items()}
        try:
            self._consumer.commit(offsets, timeout_ms=_TIMEOUT_MS)
        except KafkaError as error:
            self._not_before = now + _RETRY_S
            log.warning("offsets not committed: %s", error, extra={"action": "commit_failed"})
            return False
        self._positions.clear()
        return True
