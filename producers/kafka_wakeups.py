"""A Kafka client whose sending thread is woken only when it would sleep for long (ADR 0704).

kafka-python wakes its thread for each new batch of a partition. Beside a busy thread each wake-up costs half a
millisecond, since the two then fight for the interpreter's lock; a thread that sleeps some milliseconds only, because
another batch lingers, sees the new batch soon enough by itself.
"""

from __future__ import annotations

import math
import time
from typing import Any

from kafka.net.compat import KafkaNetClient

SOON_SECONDS = 0.006


class LightlyWokenClient(KafkaNetClient):  # type: ignore[misc]
    """For `KafkaProducer(kafka_client=...)`. `poll` is called by the sending thread alone, `wakeup` by all."""

    _asked = False
    _sleeps_until: float | None = None

    def poll(self, timeout_ms: float | None = None, future: Any = None) -> Any:
        """As in KafkaNetClient; does not sleep when it was woken since the last time."""
        # First told, then asked: whoever asks in between sees that he must really wake it.
        self._sleeps_until = time.monotonic() + (math.inf if timeout_ms is None else timeout_ms / 1000)
        if self._asked:
            timeout_ms = 0
        self._asked = False
        try:
            return super().poll(timeout_ms=timeout_ms, future=future)
        finally:
            self._sleeps_until = None

    def wakeup(self) -> None:
        """Have the thread look for work within a few milliseconds."""
        self._asked = True
        until = self._sleeps_until
        if until is not None and until - time.monotonic() > SOON_SECONDS:
            super().wakeup()
