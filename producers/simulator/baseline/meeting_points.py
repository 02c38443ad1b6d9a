"""Checks of online-meeting points: in the end all 204 committees have one (11 districts, 193 communes)."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "meeting_point_checked"
HISTORIES = 204
NONE_YET = {"has_point": False, "works": None, "seats": None}


def meeting_point_checks(rng: Random, places: Places) -> Iterator[History]:
    """One check of each committee, two where the first still found no point."""
    for number, unit in enumerate((*places.districts, *places.communes)):
        last = _check(rng, places, unit, 17, **_found(rng, tried=number % 12 != 5))
        first = [_check(rng, places, unit, 3, **NONE_YET)] if number % 40 == 25 else []
        yield [*first, last]


def _found(rng: Random, *, tried: bool) -> dict[str, Any]:
    return {"has_point": True, "works": rng.random() < 0.98 if tried else None, "seats": rng.choice((12, 20, 30, 50))}


def _check(rng: Random, places: Places, unit: str, day: int, **found: Any) -> Record:
    return happened(
        rng,
        EVENT,
        office_time(rng, june(day)),
        "H22.11",
        agency_code=places.committee_of[unit],
        committee_level="district" if unit in places.districts else "commune",
        admin_unit_code=unit,
        **found,
    )
