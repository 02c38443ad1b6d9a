"""What a caller of the spooled producer holds: an event on its way."""

from __future__ import annotations

import threading

from infra.errors import OperatorError
from producers.acknowledged import Outcome, Spooled
from producers.client import NotAcknowledged, Sent
from producers.records import Record

NOWHERE_YET = -1


class Receipt:
    """`result` waits until the event is durable, in Kafka or in the spool."""

    def __init__(self, record: Record) -> None:
        self.event_id = record.event_id
        self._done = threading.Event()
        self._outcome: Outcome | None = None

    @property
    def spooled(self) -> bool:
        """Whether the event waits in the spool, as far as known."""
        return isinstance(self._outcome, Spooled)

    def settle(self, outcomes: list[Outcome]) -> None:
        """Called by the producer, once."""
        self._outcome = outcomes[0]
        self._done.set()

    def result(self, timeout_s: float = 120.0) -> Sent:
        """Where the event stands; one in the spool has partition and offset -1.

        Raises NotAcknowledged, SpoolFull, SpoolBroken.
        """
        if not self._done.wait(timeout_s):
            raise NotAcknowledged(f"event {self.event_id}: no word after {timeout_s} s")
        outcome = self._outcome
        if isinstance(outcome, OperatorError):
            raise outcome
        if isinstance(outcome, Sent):
            return outcome
        assert isinstance(outcome, Spooled)  # noqa: S101 (the one kind left)
        return Sent(outcome.topic, NOWHERE_YET, NOWHERE_YET, self.event_id)
