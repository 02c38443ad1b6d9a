"""What the simulated events must add up to, and that it is what the province published."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from producers.simulator.counting.loaded import latest, whole_seconds
from producers.simulator.counting.ratings import working_days
from producers.simulator.figures import COUNTS, Figure, expected_figures
from producers.simulator.places import load_places
from producers.simulator.published import Published, published_figures
from producers.simulator.record import Outcome, Record
from producers.simulator.scenario import WHOLE_BASELINE, make_scenario


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return make_scenario(2021, WHOLE_BASELINE, load_places())


@pytest.fixture(scope="module")
def figures(records: list[Record]) -> dict[str, Figure]:
    return dict(expected_figures(records))


def test_the_published_figures_come_out_at_their_precision(figures: dict[str, Figure]) -> None:
    published = published_figures()
    assert len(published) == 9
    computed = [(each.key, each.at_this_precision(*figures[each.key])) for each in published]
    assert computed == [(each.key, each.text) for each in published]


def test_the_fits_are_exact(figures: dict[str, Figure]) -> None:
    assert {key: figures[key] for key in FITS} == FITS
    assert {each.key for each in published_figures()} == set(FITS)


FITS = {
    "level_four_share": (1530, 1900),
    "portal_share": (32, 32),
    "e_document_share": (20_000, 20_000),
    "signed_document_share": (12_000, 20_000),
    "meeting_point_share": (204, 204),
    "fibre_share": (193, 193),
    "broadband_share": (189, 193),
    "centre_broadband_share": (193, 193),
    "mobile_population_share": (842_714, 854_679),
}


def test_every_figure_says_something(figures: dict[str, Figure]) -> None:
    assert set(figures) == set(COUNTS)
    assert all(
        numerator > 0 and (denominator is None or denominator > 0) for numerator, denominator in figures.values()
    )


def test_duplicates_and_quarantined_records_count_nothing(records: list[Record]) -> None:
    spoiled = [record for record in records if record.outcome.fate != "loaded"]
    twice = [
        Record(r.event, r.body, outcome=Outcome("quarantined", "x")) for r in records if r.event == "document_sent"
    ]
    assert expected_figures([*records, *spoiled, *twice]) == expected_figures(records)


def test_the_highest_version_counts_in_whatever_order_they_come() -> None:
    first, second = {"code": "a", "report_version": 1}, {"code": "a", "report_version": 2}
    assert latest([second, first], "code") == latest([first, second], "code") == [second]


def test_half_a_second_is_rounded_up() -> None:
    assert whole_seconds([timedelta(seconds=2), timedelta(milliseconds=500)]) == 3
    assert whole_seconds([timedelta(milliseconds=499)]) == 0


def test_working_days_are_those_of_vietnam() -> None:
    friday_night = datetime(2021, 6, 18, 18, tzinfo=UTC)  # Saturday in Vietnam
    assert working_days(friday_night, datetime(2021, 6, 21, 3, tzinfo=UTC)) == 1
    assert working_days(friday_night, friday_night) == 0


@pytest.mark.parametrize(
    ("text", "numerator", "denominator", "computed"),
    [
        ("80,53", 1530, 1900, "80,53"),
        ("80,53", 1529, 1900, "80,47"),
        ("98", 189, 193, "98"),
        ("98,6", 842_714, 854_679, "98,6"),
        ("60", 1, 8, "13"),
        ("60", 0, 0, None),
    ],
)
def test_a_ratio_is_rounded_to_what_was_published(
    text: str, numerator: int, denominator: int, computed: str | None
) -> None:
    assert Published("any", text).at_this_precision(Decimal(numerator), Decimal(denominator)) == computed
