"""The events that reach the warehouse, and what of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from producers.simulator.record import LOADED, Event, Record

HALF_A_SECOND = timedelta(milliseconds=500)

Loaded = Mapping[str, list[Event]]
"""Events by name; every event has a list, empty if none was loaded."""

Figure = tuple[int, int | None]
"""Numerator and denominator; a sum has no denominator."""

Count = Callable[[Loaded], Figure]


def loaded_events(records: Iterable[Record], events: Iterable[str]) -> Loaded:
    """The records that are to be loaded, by event."""
    found: dict[str, list[Event]] = {event: [] for event in events}
    for record in records:
        if record.outcome == LOADED:
            found[record.event].append(record.body)
    return found


def latest(events: Iterable[Event], *key: str, by: str = "report_version") -> list[Event]:
    """Of each key the event with the highest `by`."""
    found: dict[tuple[Any, ...], Event] = {}
    for event in events:
        name = tuple(event[field] for field in key)
        if name not in found or event[by] > found[name][by]:
            found[name] = event
    return list(found.values())


def histories(events: Iterable[Event], *key: str) -> list[list[Event]]:
    """The events of each key, which may be of several fields, in the order they happened."""
    found: dict[tuple[Any, ...], list[Event]] = {}
    for event in events:
        found.setdefault(tuple(event[name] for name in key), []).append(event)
    return [sorted(steps, key=lambda step: step["occurred_at"]) for steps in found.values()]


def share(events: Iterable[Event], counts: Callable[[Event], Any]) -> Figure:
    """How many of the events count, of all."""
    verdicts = [bool(counts(event)) for event in events]
    return sum(verdicts), len(verdicts)


def total(events: Iterable[Event], field: str) -> int:
    """The sum of a field, nulls left out."""
    return sum(event[field] or 0 for event in events)


def whole_seconds(times: Iterable[timedelta]) -> int:
    """Their sum in seconds, half a second rounded up."""
    return (sum(times, timedelta()) + HALF_A_SECOND) // (2 * HALF_A_SECOND)
