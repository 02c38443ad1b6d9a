"""What all makers of the baseline share: a synthetic record, days of the report, exact shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from producers.simulator.calendar import FIRST, office_time
from producers.simulator.identity import event_id
from producers.simulator.places import Places
from producers.simulator.record import Record

ENVELOPE = ("event_id", "occurred_at", "source", "synthetic")
"""Fields that `happened` gives a record."""

History = list[Record]
Maker = Callable[[Random, Places], Iterator[History]]

REPORT_DAY = date(2021, 6, 23)
"""The day the figures were published; what they rest on happened before it."""


def happened(rng: Random, event: str, moment: datetime, source: str, **fields: Any) -> Record:
    """A good event of that moment, marked synthetic."""
    envelope = {"event_id": event_id(rng, moment), "occurred_at": moment, "source": source, "synthetic": True}
    return Record(event, {**envelope, **fields})


def june(day: int) -> date:
    """A day of June 2021."""
    return date(2021, 6, day)


def office_time_before_report(rng: Random) -> datetime:
    """A moment in office hours of a working day from June 1st to the day before the report."""
    while True:
        day = FIRST + timedelta(days=rng.randrange((REPORT_DAY - FIRST).days))
        if day.weekday() < 5:
            return office_time(rng, day)


def is_among(number: int, part: int, whole: int) -> bool:
    """Spreads `part` evenly over the numbers 0 to `whole` - 1: true for exactly that many of them."""
    return (number + 1) * part // whole > number * part // whole


def split(total: int, weights: list[float]) -> list[int]:
    """Whole parts in proportion to the weights; their sum is exactly `total`, and weight 0 gets 0."""
    parts, left, weight_left = [], total, sum(weights)
    for weight in weights:
        part = round(left * weight / weight_left) if weight else 0
        parts.append(part)
        left, weight_left = left - part, weight_left - weight
    return parts
