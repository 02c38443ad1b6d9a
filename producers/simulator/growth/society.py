"""Coverage of the communes of 2025, and the yearly figures of the digital economy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from producers.simulator.baseline import indicators, network
from producers.simulator.baseline.history import History, happened, split
from producers.simulator.calendar import office_time
from producers.simulator.growth.merger import Borders

COVERAGE_DAY = date(2025, 12, 15)
POPULATION, COVERED = 903_000, 899_800
# Year: GRDP and the digital economy's part of it, in thousand million VND.
ECONOMY = {2021: (28_900, 690), 2022: (31_800, 950), 2023: (34_200, 1_300), 2024: (37_500, 1_690)}


def coverage_of_2025(rng: Random, borders: Borders) -> Iterator[History]:
    """One report for each new commune."""
    communes = borders.since.communes
    people = split(POPULATION, [rng.uniform(0.5, 2) for _ in communes])
    gaps = split(POPULATION - COVERED, [rng.uniform(0.5, 2) for _ in communes])
    for commune, population, gap in zip(communes, people, gaps, strict=True):
        yield [
            happened(
                rng,
                network.EVENT,
                office_time(rng, COVERAGE_DAY),
                "H60.11",
                commune_code=commune,
                as_of=COVERAGE_DAY,
                fibre_to_centre=True,
                broadband_whole_area=True,
                broadband_centre=True,
                population=population,
                covered_population=population - gap,
                report_version=1,
            )
        ]


def yearly_figures(rng: Random) -> Iterator[History]:
    """GRDP, value added and share of the digital economy of each year, published in February of the next."""
    for year, (grdp, digital) in ECONOMY.items():
        told = date(year + 1, 2, 10)
        values = {
            "grdp": (f"{grdp}000", "million_vnd"),
            "digital_economy_value_added": (f"{digital}000", "million_vnd"),
            "digital_economy_share": (f"{100 * digital / grdp:.4f}", "percent"),
        }
        for indicator, (value, unit) in values.items():
            period = (date(year, 1, 1), date(year, 12, 31))
            yield [indicators.figure(rng, told, period, indicator=indicator, value=value, value_unit=unit)]
