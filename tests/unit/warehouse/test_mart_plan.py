"""When a mart is left alone, filled for what changed, or filled whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from consumers.warehouse.marts.builds import Build
from consumers.warehouse.marts.files import ChangedFill, MartFile
from consumers.warehouse.marts.plan import Inputs, plan_of
from consumers.warehouse.tables.marts import CHANGED, UNCHANGED, WHOLE

BY_DAY = MartFile("visits", "", ("visit",), ("place",), changed=ChangedFill(("day",), "", "", ""))
AT_ONCE = replace(BY_DAY, changed=None)
OTHER = {"file": "abc", "day": "2021-06-21"}
NOW = Inputs({"visit": 3, "elsewhere": 7}, OTHER)
MONDAY, TUESDAY = date(2021, 6, 21), date(2021, 6, 22)


def build(kind: str = WHOLE, days: frozenset[date] | None = None, visits: int = 3) -> Build:
    return Build("visits", datetime(2021, 6, 21, tzinfo=UTC), 1.0, kind, 9, days, {}, {"visit": visits}, OTHER)


@pytest.mark.parametrize("mart", [BY_DAY, AT_ONCE])
def test_a_mart_is_left_alone_when_nothing_it_is_made_from_has_changed(mart: MartFile) -> None:
    assert plan_of(mart, build(), NOW, []).kind == UNCHANGED


@pytest.mark.parametrize("mart", [BY_DAY, AT_ONCE])
def test_a_mart_is_filled_whole_at_first_and_when_its_file_or_what_it_watches_changed(mart: MartFile) -> None:
    assert plan_of(mart, None, NOW, []).kind == WHOLE
    for name in OTHER:
        assert plan_of(mart, build(), replace(NOW, other={**OTHER, name: "later"}), []).kind == WHOLE
    assert plan_of(mart, replace(build(), inputs={}), NOW, []).kind == WHOLE


def test_new_loads_are_those_after_the_ones_in_the_mart() -> None:
    plan = plan_of(BY_DAY, build(visits=1), NOW, [])
    assert (plan.kind, plan.since) == (CHANGED, {"visit": 1})
    assert plan_of(AT_ONCE, build(visits=1), NOW, []).kind == WHOLE
    first = replace(build(), publications={})
    assert plan_of(BY_DAY, first, NOW, []).since == {"visit": 0}


def test_days_on_which_a_mart_it_reads_changed_are_filled_anew() -> None:
    since = [build(CHANGED, frozenset({MONDAY})), build(UNCHANGED, frozenset()), build(CHANGED, frozenset({TUESDAY}))]
    plan = plan_of(BY_DAY, build(), NOW, since)
    assert (plan.kind, plan.days) == (CHANGED, {MONDAY, TUESDAY})
    assert plan_of(AT_ONCE, build(), NOW, since).kind == WHOLE


@pytest.mark.parametrize("kind", [WHOLE, CHANGED])
def test_a_mart_it_reads_that_may_have_changed_on_any_day_fills_it_whole(kind: str) -> None:
    since = [build(CHANGED, frozenset({MONDAY})), build(kind, None)]
    assert plan_of(BY_DAY, build(), NOW, since).kind == WHOLE


def test_a_mart_it_reads_that_was_built_to_the_same_rows_changes_nothing() -> None:
    assert plan_of(BY_DAY, build(), NOW, [build(WHOLE, frozenset())]).kind == UNCHANGED
