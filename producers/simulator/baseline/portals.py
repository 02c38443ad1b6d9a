"""Checks of agencies' portals: in the end all 32 obliged agencies have one (19 + 2 provincial bodies, 11 districts)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record
from schemas.reference.lists import agencies

EVENT = "portal_checked"
OBLIGED, NOT_OBLIGED = 32, 8
HISTORIES = OBLIGED + NOT_OBLIGED
CHECK_DAYS = (1, 8, 15, 22)

Seen = dict[str, Any]
ABSENT: Seen = {
    "portal_state": "absent",
    "host": None,
    "http_status": None,
    "response_ms": None,
    "certificate_valid": None,
}


def portal_checks(rng: Random, places: Places) -> Iterator[History]:
    """Four weekly checks of each agency; portals that were down or absent at first are up in the last one."""
    names = {agency.code: agency.name_vi for agency in agencies()}
    obliged = (*places.departments, *(places.committee_of[district] for district in places.districts))
    for number, agency in enumerate(obliged):
        host = f"{_label(names[agency])}.hagiang.gov.vn"
        late = number in (4, 20)
        yield [_check(rng, agency, day, obliged=True, **_seen(rng, host, day, late=late)) for day in CHECK_DAYS]
    for commune in places.communes[:NOT_OBLIGED]:
        yield [_check(rng, places.committee_of[commune], CHECK_DAYS[-1], obliged=False, **ABSENT)]


def _seen(rng: Random, host: str, day: int, *, late: bool) -> Seen:
    if late and day < 15:
        return ABSENT
    up = day == CHECK_DAYS[-1] or rng.random() < 0.95
    return {
        "portal_state": "up" if up else "down",
        "host": host,
        "http_status": 200 if up else None,
        "response_ms": rng.randint(80, 3000) if up else None,
        "certificate_valid": rng.random() < 0.9 if up else None,
    }


def _check(rng: Random, agency: str, day: int, **seen: Any) -> Record:
    return happened(rng, EVENT, office_time(rng, june(day)), "H22.11", agency_code=agency, **seen)


def _label(name: str) -> str:
    """The name in a host name: without marks, spaces and the words that all committees share."""
    short = re.sub(r"^Ủy ban nhân dân (huyện |thành phố )?", "", name).lower().replace("đ", "d")
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFD", short))
