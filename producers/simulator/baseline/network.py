"""Telecommunication coverage of the 193 communes: fibre 193, broadband 189, centres 193, 842 714 of 854 679 people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june, split
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "network_coverage_reported"
HISTORIES = 193
POPULATION, COVERED = 854_679, 842_714
EVERY = 48
"""Of so many communes one has no broadband in its whole area: 4 of 193."""


def coverage_reports(rng: Random, places: Places) -> Iterator[History]:
    """The report of each commune as of June 18th; some were corrected later that day."""
    sizes = Random(HISTORIES)  # noqa: S311  the communes are as large whatever the seed, so that two seeds add nothing
    people = split(POPULATION, [sizes.uniform(0.5, 2) for _ in places.communes])
    gaps = split(POPULATION - COVERED, [sizes.uniform(0.5, 2) * (number % 3 == 1) for number in range(len(people))])
    for number, (commune, population, gap) in enumerate(zip(places.communes, people, gaps, strict=True)):
        report = _coverage(rng, population, gap, broadband=number % EVERY != EVERY - 1)
        versions = [report]
        if number % 25 == 3:
            wrong = {**report, "covered_population": report["covered_population"] // 2, "broadband_whole_area": False}
            versions = [wrong, report]
        yield _reports(rng, commune, versions)


def _coverage(rng: Random, population: int, gap: int, *, broadband: bool) -> dict[str, Any]:
    stations, hamlets = rng.randint(6, 18), rng.randint(6, 16)
    return {
        "fibre_to_centre": True,
        "broadband_whole_area": broadband,
        "broadband_centre": True,
        "population": population,
        "covered_population": population - gap,
        "base_stations": stations,
        "base_stations_4g": rng.randint(1, 6),
        "hamlets": hamlets,
        "hamlets_without_signal": rng.randint(1, 3) if gap else 0,
    }


def _reports(rng: Random, commune: str, versions: list[dict[str, Any]]) -> History:
    """The first in the morning, a correction in the evening, so that the order is that of the versions."""
    moments = sorted(office_time(rng, june(18)) for _ in versions)
    return [
        _report(rng, moment, commune, number, version)
        for number, (moment, version) in enumerate(zip(moments, versions, strict=True), 1)
    ]


def _report(rng: Random, moment: datetime, commune: str, number: int, coverage: dict[str, Any]) -> Record:
    return happened(
        rng, EVENT, moment, "H22.11", commune_code=commune, as_of=june(18), **coverage, report_version=number
    )
