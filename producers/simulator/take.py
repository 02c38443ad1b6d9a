"""So many events of endless histories."""

from __future__ import annotations

from collections.abc import Iterable

from producers.simulator.record import Event


def take(histories: Iterable[list[Event]], wanted: int) -> list[Event]:
    """The first `wanted` events of whole histories; the last history is cut at its end, never in the middle."""
    events: list[Event] = []
    for history in histories:
        if len(events) >= wanted:
            break
        events += history
    return events[:wanted]
