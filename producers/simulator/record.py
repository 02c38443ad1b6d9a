"""What the simulator publishes, and what must become of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Event = dict[str, Any]
Form = Literal[
    "event", "unchecked", "old_version", "truncated", "over_long", "unknown_schema_id", "foreign_schema_id", "garbage"
]
Fate = Literal["loaded", "duplicate", "quarantined", "rejected"]


@dataclass(frozen=True)
class Outcome:
    """`reason` is the rule of a quarantined event, the reason code of a rejected record, else empty."""

    fate: Fate
    reason: str = ""


LOADED = Outcome("loaded")
DUPLICATE = Outcome("duplicate")


@dataclass(frozen=True)
class Record:
    """One record of a topic: the event it is made from, the form its bytes take, and the outcome to expect.

    `late` marks an event that is published after later ones of the same key.
    """

    event: str
    body: Event
    form: Form = "event"
    outcome: Outcome = LOADED
    late: bool = False

    def as_told(self, body: Event) -> Record:
        """The record with the body that is left of it when it has been told in another format."""
        return replace(self, body=body)
