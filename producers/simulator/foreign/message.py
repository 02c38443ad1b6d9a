"""A simulated event and what is handed over for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from producers.simulator.record import Record


@dataclass(frozen=True)
class Message:
    """`record` is the event that must come of `content`, which is in the format of the way that it takes.

    A format that cannot say all that an event says makes another event of it: that one is the record.
    """

    record: Record
    content: Any


def as_it_is(record: Record) -> Message:
    """For ways that carry the event itself."""
    return Message(record, record.body)
