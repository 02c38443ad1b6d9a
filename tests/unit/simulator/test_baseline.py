"""The baseline of June 2021: exactly the counts behind the published figures, in events that keep their contracts."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from producers.simulator import cooperation, dossiers, orders, ratings
from producers.simulator.baseline.groups import GROUPS, baseline_records
from producers.simulator.places import load_places
from producers.simulator.record import Record
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.reference.lists import admin_units_2021, agencies

Event = dict[str, Any]
CATALOG = load_catalog()
MONTH = {dossiers.EVENT, ratings.EVENT, orders.EVENT, cooperation.EVENT}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(baseline_records(Random(7), load_places()))


@pytest.fixture(scope="module")
def bodies(records: list[Record]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for record in records:
        found.setdefault(record.event, []).append(record.body)
    return found


def newest(events: list[Event], *key: str, by: str) -> list[Event]:
    latest: dict[tuple[Any, ...], Event] = {}
    for event in sorted(events, key=lambda event: event[by]):
        latest[tuple(event[name] for name in key)] = event
    return list(latest.values())


def test_the_same_seed_gives_the_same_baseline(records: list[Record]) -> None:
    assert list(baseline_records(Random(7), load_places())) == records


def test_every_event_beside_those_of_the_month_is_in_it(bodies: dict[str, list[Event]]) -> None:
    assert set(bodies) == set(CATALOG) - MONTH


def test_every_event_keeps_its_contract_and_is_marked_synthetic(records: list[Record]) -> None:
    codecs = {event: prepare(contract) for event, contract in CATALOG.items()}
    assert [v for record in records for v in codecs[record.event].check(record.body)] == []
    assert all(record.body["synthetic"] is True for record in records)
    assert set(Counter(record.body["event_id"] for record in records).values()) == {1}


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.make.__name__)
def test_a_maker_makes_as_many_histories_as_it_says(group: Any) -> None:
    histories = list(group.make(Random(1), load_places()))
    assert len(histories) == group.histories
    for history in histories:
        for event in {record.event for record in history}:
            moments = [record.body["occurred_at"] for record in history if record.event == event]
            assert moments == sorted(set(moments))


def test_1530_of_1900_procedures_are_at_level_four(bodies: dict[str, list[Event]]) -> None:
    offers = newest(bodies["procedure_published"], "procedure_code", "agency_code", by="offer_version")
    offered = [offer for offer in offers if offer["offer"] == "offered"]
    assert sum(offer["online_level"] == 4 for offer in offered) == 1530
    assert len({offer["procedure_code"] for offer in offered}) == len(offered) == 1900


def test_12000_of_20000_documents_are_signed_by_their_organisation(bodies: dict[str, list[Event]]) -> None:
    documents = bodies["document_sent"]
    assert len({document["document_id"] for document in documents}) == len(documents)
    may_be = [document for document in documents if document["may_be_electronic"]]
    sent = [document for document in may_be if document["is_electronic"]]
    signed = [document for document in sent if ("organisation", "valid") in signatures(document)]
    assert (len(signed), len(sent), len(may_be)) == (12_000, 20_000, 20_000)


def signatures(document: Event) -> set[tuple[str, str]]:
    return {(signature["kind"], signature["validity"]) for signature in document["signatures"]}


def test_all_obliged_agencies_have_a_portal_in_the_end(bodies: dict[str, list[Event]]) -> None:
    last = newest(bodies["portal_checked"], "agency_code", by="occurred_at")
    assert Counter(check["portal_state"] for check in last if check["obliged"]) == {"up": 32}
    assert {check["portal_state"] for check in bodies["portal_checked"]} == {"up", "down", "absent"}


def test_all_district_and_commune_committees_have_a_meeting_point_in_the_end(bodies: dict[str, list[Event]]) -> None:
    last = newest(bodies["meeting_point_checked"], "agency_code", by="occurred_at")
    assert Counter(check["committee_level"] for check in last if check["has_point"]) == {"district": 11, "commune": 193}
    assert len(last) == 204


def test_the_coverage_of_the_193_communes_adds_up(bodies: dict[str, list[Event]]) -> None:
    last = newest(bodies["network_coverage_reported"], "commune_code", by="report_version")
    sums = {name: sum(report[name] for report in last) for name in COVERAGE}
    assert sums == COVERAGE
    assert len(last) == 193
    assert len(bodies["network_coverage_reported"]) > 193


COVERAGE = {
    "fibre_to_centre": 193,
    "broadband_whole_area": 189,
    "broadband_centre": 193,
    "covered_population": 842_714,
    "population": 854_679,
}


def test_every_code_is_in_the_reference_lists(records: list[Record]) -> None:
    lists = {
        "admin_unit": {unit.code for unit in admin_units_2021()},
        "agency": {agency.code for agency in agencies()},
    }
    for record in records:
        for name, code in referring(record):
            assert code in lists[name]


def referring(record: Record) -> list[tuple[str, str]]:
    fields = [(field.rules.ref, record.body.get(field.name)) for field in CATALOG[record.event].fields]
    return [(name, code) for name, code in fields if name in ("admin_unit", "agency") and code is not None]


def test_a_listed_product_was_rated_before(bodies: dict[str, list[Event]]) -> None:
    rated = {rating["product_code"]: rating["occurred_at"] for rating in bodies["ocop_product_rated"][::-1]}
    listed = [listing for listing in bodies["product_listed"] if listing["ocop_product_code"]]
    assert listed
    assert all(rated[listing["ocop_product_code"]] < listing["occurred_at"] for listing in listed)


@pytest.mark.parametrize("share", [0.017, 0.1, 0.5])
def test_a_part_of_the_baseline_lists_no_product_that_it_does_not_rate(share: float) -> None:
    part = list(baseline_records(Random(3), load_places(), share))
    rated = {record.body["product_code"] for record in part if record.event == "ocop_product_rated"}
    listed = {record.body["ocop_product_code"] for record in part if record.event == "product_listed"} - {None}
    assert listed
    assert listed <= rated
    assert len(part) < 29_500 * share + 1000
