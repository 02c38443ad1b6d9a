"""2021 to 2025: repeatable, with its seasons and growth, and in the right borders on both sides of the merger."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import pytest

from producers.simulator.calendar import VIETNAM
from producers.simulator.figures import expected_figures
from producers.simulator.growth.merger import load_borders
from producers.simulator.growth.months import MERGER, months
from producers.simulator.growth.scenario import SMALLEST_GROWTH, make_growth
from producers.simulator.places import load_places
from producers.simulator.record import LOADED, Event, Record
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.reference.lists import admin_units_2021, admin_units_2025, agencies

CATALOG = load_catalog()
SIZE = 20_000


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return make_growth(7, SIZE, load_places())


@pytest.fixture(scope="module")
def good(records: list[Record]) -> list[Record]:
    return [record for record in records if record.outcome == LOADED]


def bodies(records: list[Record], event: str) -> list[Event]:
    return [record.body for record in records if record.event == event]


def day_of(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def test_there_are_as_many_records_as_asked_for_and_the_same_again(records: list[Record]) -> None:
    assert len(records) == SIZE
    assert make_growth(7, SIZE, load_places()) == records
    assert len(make_growth(1, SMALLEST_GROWTH, load_places())) == SMALLEST_GROWTH


def test_every_event_happens_and_keeps_its_contract(good: list[Record]) -> None:
    codecs = {event: prepare(contract) for event, contract in CATALOG.items()}
    assert {record.event for record in good} == set(CATALOG)
    assert [v for record in good for v in codecs[record.event].check(record.body)] == []
    assert {day_of(record.body["occurred_at"]).year for record in good} == {2020, 2021, 2022, 2023, 2024, 2025}


def test_codes_are_those_of_the_day(good: list[Record]) -> None:
    since = load_borders(load_places()).since
    before = {
        "admin_unit": {unit.code for unit in admin_units_2021()},
        "agency": {agency.code for agency in agencies()},
    }
    after = {
        "admin_unit": {unit.code for unit in admin_units_2025()},
        "agency": {"H60", *since.departments, *since.committee_of.values()},
    }
    for record in good:
        lists = before if day_of(record.body["occurred_at"]) < MERGER else after
        for name, code in referring(record):
            assert code in lists[name], (record.event, name, code)


def referring(record: Record) -> list[tuple[str, str]]:
    fields = [(field.rules.ref, record.body.get(field.name)) for field in CATALOG[record.event].fields]
    return [(name, code) for name, code in fields if name in ("admin_unit", "agency") and code is not None]


def test_the_agencies_used_since_the_merger_are_registered(good: list[Record]) -> None:
    entries = bodies(good, "agency_registered")
    of_that_day = [entry for entry in entries if entry["valid_from"] == MERGER]
    opened = {entry["agency_code"] for entry in of_that_day if entry["change"] == "registered"}
    used = {code for r in good if day_of(r.body["occurred_at"]) >= MERGER for n, code in referring(r) if n == "agency"}
    assert used <= opened
    assert Counter(entry["change"] for entry in of_that_day) == {
        "merged": 1 + 21 + 193,
        "dissolved": 11,
        "registered": 1 + 21 + 73,
    }


def test_tourism_has_its_season_and_grows(good: list[Record]) -> None:
    by_month: Counter[int] = Counter()
    by_year: Counter[int] = Counter()
    for report in bodies(good, "tourism_visit_reported"):
        by_month[report["day"].month] += report["visits"]
        by_year[report["day"].year] += report["visits"]
    assert by_month[10] + by_month[11] > 1.4 * (by_month[8] + by_month[9])
    assert by_year[2025] > by_year[2024] > by_year[2023] > by_year[2022] > by_year[2021]


def test_sales_have_their_season_and_grow(good: list[Record]) -> None:
    orders = {order["order_id"]: day_of(order["occurred_at"]) for order in bodies(good, "order_status_changed")[::-1]}
    placed = Counter((day.year, day.month) for day in orders.values())
    assert placed[2024, 1] > 1.5 * placed[2024, 3]
    assert placed[2025, 12] > placed[2023, 12] > placed[2021, 12]


def test_more_procedures_are_at_level_four_in_the_end(records: list[Record]) -> None:
    numerator, denominator = expected_figures(records)["level_four_share"]
    assert denominator
    assert numerator / denominator > 0.88


def test_offers_are_told_in_the_words_of_their_time(good: list[Record]) -> None:
    for offer in bodies(good, "procedure_published"):
        by_level = offer["valid_from"] < date(2022, 6, 24)
        assert (offer["online_level"] is not None) == by_level
        assert (offer.get("online_extent") is not None) == (not by_level)


def test_months_follow_each_other_and_end_where_codes_change() -> None:
    found = list(months())
    assert len(found) == 54
    assert all((later.first - month.last).days == 1 for month, later in pairwise(found))
    assert {day_of(month.end) for month in found if month.first < MERGER} == {MERGER}
