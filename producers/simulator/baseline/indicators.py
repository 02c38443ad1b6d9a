"""Official figures and targets of the province: the ICT Index, GRDP and the digital economy's part of it.

The grade `khá` and the targets were published in June 2021; the amounts are plausible inventions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "indicator_reported"
HISTORIES = 13
REPORT = "Báo cáo chuyển đổi số tỉnh Hà Giang, tháng 6/2021 (dựng lại)"
YEAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))
END_OF_AGREEMENT = (date(2025, 12, 31), date(2025, 12, 31))
IN_5_TO_10_YEARS = (date(2026, 6, 23), date(2031, 6, 23))
IN_10_TO_20_YEARS = (date(2031, 6, 23), date(2041, 6, 23))
OPTIONAL = ("value", "value_high", "value_unit", "rank", "rank_of", "grade")
Period = tuple[date, date]


def indicator_reports(rng: Random, _: Places) -> Iterator[History]:
    """One figure after the other; GRDP was told as an estimate first."""
    actual: tuple[dict[str, Any], ...] = (
        {"indicator": "ict_index", "grade": "fair"},
        {"indicator": "digital_economy_value_added", "value": "522500", "value_unit": "million_vnd"},
        {"indicator": "digital_economy_share", "value": "1.9", "value_unit": "percent"},
        {"indicator": "income_per_head", "value": "30400000", "value_unit": "vnd"},
        {"indicator": "hdi", "value": "0.592", "value_unit": "index"},
        {"indicator": "dti", "value": "0.3084", "value_unit": "index", "rank": 52, "rank_of": 63},
        {"indicator": "dti_government", "value": "0.3712", "value_unit": "index"},
        {"indicator": "dti_economy", "value": "0.2466", "value_unit": "index"},
        {"indicator": "dti_society", "value": "0.2874", "value_unit": "index"},
    )
    grdp = {"indicator": "grdp", "value": "27500000", "value_unit": "million_vnd"}
    estimate = {**grdp, "value": "27100000", "estimate": True}
    yield [figure(rng, june(2), YEAR_2020, **estimate), figure(rng, june(16), YEAR_2020, **grdp, report_version=2)]
    for content in actual:
        yield [figure(rng, june(rng.randint(1, 4)), YEAR_2020, **content)]
    for period, target in _targets():
        yield [figure(rng, june(22), period, statement="target", value_unit="percent", **target)]


def _targets() -> Iterator[tuple[Period, dict[str, Any]]]:
    yield END_OF_AGREEMENT, {"indicator": "level_four_share", "value": "100"}
    yield IN_5_TO_10_YEARS, {"indicator": "digital_economy_share", "value": "3", "value_high": "5"}
    yield IN_10_TO_20_YEARS, {"indicator": "digital_economy_share", "value": "20"}


def figure(rng: Random, day: date, period: Period, **content: Any) -> Record:
    """An actual figure unless `content` says otherwise, published on the day."""
    usual = {"statement": "actual", "estimate": False, "report_version": 1}
    return happened(
        rng,
        EVENT,
        office_time(rng, day),
        "H22.11",
        admin_unit_code="02",
        period_from=period[0],
        period_to=period[1],
        source_document=REPORT,
        published_on=day,
        **{**dict.fromkeys(OPTIONAL), **usual, **content},
    )
