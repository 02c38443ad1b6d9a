"""Visits to places of tourism, day by day: a quiet June 2021, and seasons for longer times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened
from producers.simulator.calendar import DAYS, FIRST, office_time
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "tourism_visit_reported"

# Code, name, commune of 2021, visits on a usual day of June.
SITES = (
    ("LUNG-CU", "Cột cờ Lũng Cú", "00715", 240),
    ("DONG-VAN-PHO-CO", "Phố cổ Đồng Văn", "00721", 310),
    ("DINH-HO-VUONG", "Dinh thự họ Vương", "00736", 180),
    ("MA-PI-LENG", "Đèo Mã Pí Lèng", "00781", 260),
    ("CONG-TROI", "Cổng trời Quản Bạ", "00898", 150),
    ("KM0", "Cột mốc số 0", "00691", 90),
)
Site = tuple[str, str, str, int]
KINDS = ("domestic", "international")
HISTORIES = len(SITES) * len(KINDS) * DAYS


def june_visits(rng: Random, places: Places) -> Iterator[History]:
    """The report of each place, day and kind of visitor in June 2021; one of thirty is corrected later that day."""
    for number in range(HISTORIES):
        day = FIRST + timedelta(days=number // (len(SITES) * len(KINDS)))
        kind = KINDS[number // len(SITES) % len(KINDS)]
        yield reports(rng, places, SITES[number % len(SITES)], kind, day, corrected=number % 30 == 4)


def reports(rng: Random, places: Places, site: Site, kind: str, day: date, *, corrected: bool = False) -> History:
    """The reports of one place, day and kind of visitor; a corrected one was first told too low."""
    counted = _counted(rng, site, kind, day)
    versions = [counted]
    if corrected:
        low = {"visits": counted["visits"] // 2, "overnight_visits": None, "revenue_vnd": None}
        versions = [low, counted]
    moments = sorted(office_time(rng, day) for _ in versions)
    return [
        _report(rng, places, moment, site, visitor_kind=kind, day=day, **version, report_version=number)
        for number, (moment, version) in enumerate(zip(moments, versions, strict=True), 1)
    ]


def _counted(rng: Random, site: Site, kind: str, day: date) -> dict[str, Any]:
    usual = site[3] * (0.1 if kind == "international" else 1.0) * (1.8 if day.weekday() >= 5 else 1.0)
    visits = round(usual * rng.uniform(0.4, 1.6))
    return {
        "visits": visits,
        "overnight_visits": round(visits * rng.uniform(0.1, 0.5)),
        "revenue_vnd": visits * 1000 * rng.randint(300, 900),
    }


def _report(rng: Random, places: Places, moment: datetime, site: Site, **report: Any) -> Record:
    code, name, commune, _ = site
    agency = places.agency_of[commune]
    return happened(
        rng,
        EVENT,
        moment,
        agency,
        place_code=code,
        place_name=name,
        commune_code=commune,
        agency_code=agency,
        method="tickets" if code in ("LUNG-CU", "DINH-HO-VUONG") else "estimate",
        **report,
    )
