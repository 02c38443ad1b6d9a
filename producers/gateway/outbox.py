"""Records of many requests handed to the producer together, and their outcomes back to each request.

The event loop and the Kafka client's thread fight for the interpreter's lock; to hand over in bursts, some milliseconds
apart, takes less processor time for each event (ADR 0704). A burst has one timer for all who wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from producers.acknowledged import Outcome
from producers.client import NotAcknowledged
from producers.records import Record

DELAY_SECONDS = 0.002
BURST_RECORDS = 500

Submit = Callable[[Sequence[Record], Callable[[list[Outcome]], None]], None]
Part = tuple[int, asyncio.Future[list[Outcome]]]


class Outbox:
    """For one event loop's thread; `submit` is the producer's, and has `patience` seconds for an answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop, submit: Submit, patience: float) -> None:
        self._loop, self._submit, self._patience = loop, submit, patience
        self._records: list[Record] = []
        self._parts: list[Part] = []
        self._timer: asyncio.TimerHandle | None = None

    def hand_over(self, records: Sequence[Record]) -> asyncio.Future[list[Outcome]]:
        """Takes the records; the future gives one outcome for each, NotAcknowledged when none came in time."""
        future: asyncio.Future[list[Outcome]] = self._loop.create_future()
        self._records += records
        self._parts.append((len(records), future))
        if len(self._records) >= BURST_RECORDS:
            self._send()
        elif self._timer is None:
            self._timer = self._loop.call_later(DELAY_SECONDS, self._send)
        return future

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        records, self._records = self._records, []
        parts, self._parts = self._parts, []
        if records:
            late: list[Outcome] = [NotAcknowledged("neither Kafka nor the spool has answered")] * len(records)
            giving_up = self._loop.call_later(self._patience, _deliver, parts, late)
            self._submit(records, partial(self._from_thread, parts, giving_up))

    def _from_thread(self, parts: list[Part], giving_up: asyncio.TimerHandle, outcomes: list[Outcome]) -> None:
        self._loop.call_soon_threadsafe(_deliver, parts, outcomes, giving_up)


def _deliver(parts: Sequence[Part], outcomes: Sequence[Outcome], giving_up: asyncio.TimerHandle | None = None) -> None:
    if giving_up is not None:
        giving_up.cancel()
    start = 0
    for count, future in parts:
        if not future.done():  # nobody waits any more for a request that was given up
            future.set_result(list(outcomes[start : start + count]))
        start += count
