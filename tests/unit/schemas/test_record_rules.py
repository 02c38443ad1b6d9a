"""Rules of a record by itself, told before it is sent; that PostgreSQL finds the same is a component test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from expectations.suite_files import suite_json
from schemas.catalog import load_catalog
from schemas.conditions.grammar import term_of
from schemas.conditions.terms import certain
from schemas.conditions.tokens import NotUnderstood
from schemas.example_files import load_examples
from schemas.record_rules import record_rules
from schemas.rules import Violation
from tests.samples import dossier, order

CATALOG, EXAMPLES = load_catalog(), load_examples()
NOW = datetime(2026, 11, 27, tzinfo=UTC)


def broken(event_name: str, event: dict[str, Any], now: datetime = NOW) -> list[Violation]:
    contract = CATALOG[event_name]
    return record_rules(contract, suite_json(contract)["expectations"]).check(event, now)


def example(event_name: str, name: str, **changes: Any) -> dict[str, Any]:
    (found,) = [each.payload for each in EXAMPLES[event_name] if each.accepted and each.name == name]
    return {**found, **changes}


@pytest.mark.parametrize("event", CATALOG)
def test_accepted_examples_break_no_rule(event: str) -> None:
    found = [broken(event, each.payload) for each in EXAMPLES[event] if each.accepted]
    assert found
    assert not any(found)


def test_a_time_more_than_a_day_ahead_is_told_with_the_quarantine_s_words() -> None:
    ahead = NOW + timedelta(days=1, milliseconds=1)
    (told,) = broken("order_status_changed", order(1, occurred_at=ahead))
    assert (told.field, told.rule) == ("occurred_at", "occurred_at_not_future")
    assert "must not lie more than a day after the record reached Kafka (occurred_at is 2026-11-28" in told.message
    assert "không được sau thời điểm Kafka nhận quá một ngày" in told.message_vi
    assert broken("order_status_changed", order(1, occurred_at=ahead), NOW + timedelta(seconds=1)) == []


@pytest.mark.parametrize(
    ("event", "rule"),
    [
        (dossier(1, received_at=dossier(1)["occurred_at"] + timedelta(seconds=1)), "received_before_step"),
        (dossier(1, due_at=dossier(1)["received_at"] - timedelta(seconds=1)), "due_after_received"),
        (dossier(1, due_at="2021-06-20T00:00:00+07:00"), "due_after_received"),
        (dossier(1, received_at=None), "received_known"),
        (dossier(1, previous_status=9, status=2), "status_transition"),
    ],
)
def test_times_and_states_are_held_against_one_another(event: dict[str, Any], rule: str) -> None:
    assert [each.rule for each in broken("dossier_status_changed", event)] == [rule]


def test_check_digits() -> None:
    def rated(**changes: Any) -> list[str]:
        event = example("ocop_product_rated", "four_stars_cooperative", **changes)
        return [each.rule for each in broken("ocop_product_rated", event)]

    assert rated(gtin="8935001234562") == []
    assert rated(gtin="8935001234563") == ["gtin_check_digit"]
    assert rated(tax_code="0300588569") == []
    assert rated(tax_code="0300588568") == ["tax_code_check_digit"]


def test_a_word_that_waits_for_its_mapping_is_left_to_the_quarantine() -> None:
    assert (
        broken("ocop_product_rated", example("ocop_product_rated", "four_stars_cooperative", product_group="other"))
        == []
    )


def test_what_the_contract_refuses_itself_breaks_no_rule_here() -> None:
    assert broken("dossier_status_changed", dossier(1, received_at="no time", status=2)) == []
    assert broken("dossier_status_changed", {}) == []


def test_times_at_the_end_of_time_are_left_to_the_warehouse() -> None:
    event = example("ocop_product_rated", "four_stars_cooperative", occurred_at="9999-12-31T23:00:00+00:00")
    assert [each.rule for each in broken("ocop_product_rated", event)] == ["occurred_at_not_future"]


@pytest.mark.parametrize("at", ["9999-12-31T23:00:00-07:00", "0001-01-01T00:00:00+07:00"])
def test_times_that_utc_has_no_year_for_break_no_rule(at: str) -> None:
    assert broken("ocop_product_rated", example("ocop_product_rated", "four_stars_cooperative", occurred_at=at)) == []


@pytest.mark.parametrize("offset", ["+00:00", "Z", "+07:00", "-11:00"])
def test_a_time_is_the_same_in_every_zone_and_to_the_millisecond(offset: str) -> None:
    hours = 0 if offset == "Z" else int(offset[:3])
    local = (NOW + timedelta(days=1, hours=hours)).replace(tzinfo=None)
    late = {"occurred_at": f"{local:%Y-%m-%dT%H:%M:%S}.001{offset}"}
    in_time = {"occurred_at": f"{local:%Y-%m-%dT%H:%M:%S}.000999{offset}"}
    assert [each.rule for each in broken("order_status_changed", {**order(1), **late})] == ["occurred_at_not_future"]
    assert broken("order_status_changed", {**order(1), **in_time}) == []


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("a + 2 * 3 = 7 AND b = 'it''s'", True),
        ("NOT a = 1 OR a IN (2, 3)", False),
        ("n = 1", None),
        ("n = 1 OR a = 1", True),
        ("n = 1 AND a = 2", False),
        ("NOT n = 1", None),
        ("n NOT IN (1)", None),
        ("a NOT IN (2, NULL)", None),
        ("a IN (2, 1.0)", True),
        ("b IN ('x', 'it''s') AND n IN ('x')", None),
        ("b !~ '^x' AND b ~ '^it'", True),
        ("n IS NULL AND a IS NOT NULL", True),
        ("a <> CASE b WHEN 'x' THEN 1 WHEN 'it''s' THEN 2 END", True),
        ("coalesce(n, a) = 1 AND greatest(n, a, 3) = 3 AND num_nonnulls(n, a) = 1", True),
        ("split_part('a-b', '-', 3) = '' AND substr('abc', 2, 1) = 'b' AND right('abc', 2) = 'bc'", True),
        ("'x' || a::text ~ '^x\\d$'", True),
    ],
)
def test_a_condition_is_true_false_or_neither(condition: str, wanted: bool | None) -> None:
    term, record = term_of(condition, ("a", "b", "n")), {"a": 1, "b": "it's", "n": None}
    assert term(record) is wanted
    assert certain(term)(record) is (wanted is True)


@pytest.mark.parametrize(
    "condition",
    [
        "unknown = 1",
        "a = 1 AND",
        "(a = 1",
        "a BETWEEN 1 AND 2",
        "a / 2 = 1",
        "a IN (SELECT code FROM core.dim_agency)",
        "NOT EXISTS (SELECT FROM x)",
        "a::regclass = 1",
        "now() > b",
        "a = 1; DROP TABLE x",
        "b LIKE 'x%'",
    ],
)
def test_what_is_not_understood_is_left_to_the_warehouse(condition: str) -> None:
    with pytest.raises(NotUnderstood):
        term_of(condition, ("a", "b"))
