"""The simulated month: repeatable, exactly as large as asked, and as bad as it says."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from expectations.suite_files import suite_json
from producers.simulator.places import load_places
from producers.simulator.record import DUPLICATE, LOADED, Record
from producers.simulator.rule_breakers import RULE_BREAKERS
from producers.simulator.scenario import SMALLEST, make_scenario
from producers.simulator.troubles import WIRE_TROUBLES
from schemas.catalog import load_catalog
from schemas.codec import prepare

SIZE = 4000


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return make_scenario(7, SIZE, load_places())


def test_the_same_seed_gives_the_same_records_and_another_does_not(records: list[Record]) -> None:
    assert make_scenario(7, SIZE, load_places()) == records
    assert make_scenario(8, SIZE, load_places()) != records


def test_there_are_as_many_records_as_asked_for(records: list[Record]) -> None:
    assert len(records) == SIZE
    assert len(make_scenario(7, SMALLEST, load_places())) == SMALLEST


def test_every_event_of_the_catalogue_happens(records: list[Record]) -> None:
    assert {record.event for record in records if record.outcome == LOADED} == set(load_catalog())


def test_every_good_event_keeps_its_contract(records: list[Record]) -> None:
    codecs = {event: prepare(contract) for event, contract in load_catalog().items()}
    good = [record for record in records if record.outcome == LOADED]
    assert len(good) > SIZE * 0.9
    assert [v for record in good for v in codecs[record.event].check(record.body)] == []


def test_an_event_id_is_used_again_by_duplicates_alone(records: list[Record]) -> None:
    firsts = Counter(record.body["event_id"] for record in records if record.outcome != DUPLICATE)
    assert set(firsts.values()) == {1}
    repeats = [record.body["event_id"] for record in records if record.outcome == DUPLICATE]
    assert len(repeats) == round(SIZE * 0.02)
    assert set(repeats) <= set(firsts)


def test_a_duplicate_comes_after_what_it_repeats(records: list[Record]) -> None:
    seen: set[str] = set()
    for record in records:
        assert record.outcome != DUPLICATE or record.body["event_id"] in seen
        seen.add(record.body["event_id"])


def test_late_events_come_after_later_ones_of_their_key(records: list[Record]) -> None:
    keys = {event: contract.key for event, contract in load_catalog().items()}
    late = {r.body["event_id"] for r in records if r.late}
    assert len(late) == round(SIZE * 0.02)
    newest: dict[tuple[str, str], datetime] = {}
    overtaken = set()
    for record in (record for record in records if record.outcome == LOADED):
        body, history = record.body, (record.event, record.body[keys[record.event]])
        if history in newest and newest[history] > body["occurred_at"]:
            overtaken.add(body["event_id"])
        newest[history] = max(newest.get(history, body["occurred_at"]), body["occurred_at"])
    assert late == overtaken


def test_every_event_has_every_kind_of_trouble(records: list[Record]) -> None:
    reasons = {(r.event, r.outcome.fate, r.outcome.reason) for r in records}
    for event in load_catalog():
        assert (event, "duplicate", "") in reasons
        assert RULE_BREAKERS[event]
        assert {(event, "quarantined", breaker.rule) for breaker in RULE_BREAKERS[event]} <= reasons
        assert {(event, "rejected", reason) for reason in WIRE_TROUBLES.values()} <= reasons


def test_a_rule_breaker_breaks_a_rule_of_its_suite() -> None:
    for event, contract in load_catalog().items():
        rules = {each["meta"]["rule"]: each["severity"] for each in suite_json(contract)["expectations"]}
        assert {rules.get(breaker.rule) for breaker in RULE_BREAKERS[event]} == {"critical"}
