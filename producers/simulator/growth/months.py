"""The months from July 2021 to December 2025, and how much happens in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from producers.simulator.calendar import VIETNAM, Period

MERGER = date(2025, 7, 1)
"""Hà Giang becomes a part of Tuyên Quang; districts end, communes are merged."""
AFTER = date(2026, 1, 1)


def midnight(day: date) -> datetime:
    """Its first moment in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def months() -> Iterator[Period]:
    """In their order. What began before the merger is told up to it: then other codes and other agencies take over."""
    first = date(2021, 7, 1)
    while first < AFTER:
        following = (first + timedelta(days=31)).replace(day=1)
        yield Period(first, following - timedelta(days=1), midnight(MERGER if first < MERGER else AFTER))
        first = following


def years_since_2021(day: date) -> float:
    """0 at the begin of 2021."""
    return (day - date(2021, 1, 1)).days / 365.25


# Buckwheat flowers in October and November, the new year's spring, and the summer's holidays.
_TOURISM = (0.8, 1.3, 1.1, 0.9, 0.8, 0.9, 1.1, 0.9, 0.9, 1.8, 1.9, 1.1)
# Gifts for the lunar new year, oranges from November on.
_SALES = (2.2, 0.9, 0.7, 0.7, 0.8, 0.8, 0.8, 0.9, 0.9, 1.1, 1.4, 1.9)
REOPENED = date(2022, 3, 15)
"""Tourism began again after the pandemic."""


def tourism_factor(day: date) -> float:
    """Visits against those of a quiet day of June 2021."""
    growth = 1.0 + 1.1 * years_since_2021(day) if day >= REOPENED else 0.35
    return growth * _TOURISM[day.month - 1]


def sales_factor(day: date) -> float:
    """Orders against those of an average month of 2021."""
    return (1.0 + 0.9 * years_since_2021(day)) * _SALES[day.month - 1]


def dossiers_factor(day: date) -> float:
    """Dossiers against those of a month of 2021."""
    return 1.0 + 0.15 * years_since_2021(day)


def weights(factor: Callable[[date], float]) -> list[float]:
    """The factor of each month."""
    return [factor(month.first) for month in months()]
