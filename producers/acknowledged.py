"""What becomes of records that were handed over: where they stand, or why not."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from infra.errors import OperatorError
from producers.client import Sent
from producers.records import Record


class Spooled(NamedTuple):
    """An event that is durable in the spool and goes to Kafka later."""

    topic: str
    event_id: str


Outcome = Sent | Spooled | OperatorError


class Handover:
    """Records that are acknowledged together: `on_done` gets one outcome for each, in their order, exactly once.

    `on_done` is called by whatever thread settles the last of them and must be quick.
    """

    __slots__ = ("_left", "_lock", "_on_done", "_outcomes", "records")

    def __init__(self, records: Sequence[Record], on_done: Callable[[list[Outcome]], None]) -> None:
        self.records = records
        self._on_done = on_done
        self._outcomes: list[Outcome | None] = [None] * len(records)
        self._left = len(records)
        self._lock = threading.Lock()

    def settle(self, numbers: Iterable[int], outcomes: Iterable[Outcome]) -> None:
        """The outcomes of some records; a second one for a record is not heard."""
        with self._lock:
            before = self._left
            for number, outcome in zip(numbers, outcomes, strict=True):
                if self._outcomes[number] is None:
                    self._outcomes[number] = outcome
                    self._left -= 1
            done = before > 0 and self._left == 0
        if done:
            self._on_done([each for each in self._outcomes if each is not None])

    def unsettled(self, numbers: Iterable[int]) -> list[int]:
        """Those of the records that have no outcome yet."""
        return [number for number in numbers if self._outcomes[number] is None]
