"""Quarantined events through the normal load again: what passes is in core once, what fails stays open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, insert, text

from consumers.warehouse.replay import replay, replay_all
from consumers.warehouse.replay_choice import Choice, ReplayLimits, chosen, undecodable
from consumers.warehouse.replay_publish import ReplayResult
from consumers.warehouse.replay_stage import LIMITS
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables.dimensions import dim_admin_unit
from infra.object_store import LakeStore
from schemas.contract import Breaker, Contract
from schemas.versions import load_released
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    child_rows,
    core_rows,
    quarantined,
    staging_names,
    watermarks,
)
from tests.component.warehouse.replays import (
    AGENCY,
    LISTED,
    PROCEDURE,
    RATED,
    assert_in_order,
    desk,
    due,
    entries,
    example,
    load_checked,
    replayed,
)
from tests.landed_batches import KAFKA_TIME, SCHEMA_ID, Reject, Written, datum
from tests.samples import dossier, order

UNKNOWN_AGENCY, UNKNOWN_PRODUCT, UNKNOWN_COMMUNE = "H22.999", "OCOP-02-0999", "99999"
REGISTERED = example(AGENCY, "registered_new_form", 900, agency_code=UNKNOWN_AGENCY)


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    seed_dimensions(engine)
    return engine


def register_agency(engine: Engine, lake: LakeStore) -> None:
    assert load_checked(engine, lake, AGENCY, [REGISTERED]).loaded == 1


def add_commune(engine: Engine, code: str = UNKNOWN_COMMUNE) -> None:
    unit = {"code": code, "name": "Xã Mới", "kind": "xa", "parent_code": "024", "valid_from": date(2020, 1, 1)}
    with engine.begin() as connection:
        connection.execute(insert(dim_admin_unit), {**unit, "valid_to": None})


def give_reference(engine: Engine, lake: LakeStore, reference: str) -> None:
    """What makes the unknown code of that list known."""
    if reference == "admin_unit":
        add_commune(engine)
    elif reference == "agency":
        register_agency(engine, lake)
    elif reference == "procedure":
        published = example(PROCEDURE, "level_four_of_2021", 901, procedure_code="9.999999")
        assert load_checked(engine, lake, PROCEDURE, [published]).loaded == 1
    else:
        rated = example(RATED, "three_stars_household", 902, product_code=UNKNOWN_PRODUCT, rated_on="2021-01-05")
        assert load_checked(engine, lake, RATED, [rated]).loaded == 1


@pytest.mark.parametrize(
    ("reference", "contract", "event"),
    [
        ("admin_unit", ORDER, order(1, seller_commune_code=UNKNOWN_COMMUNE)),
        ("agency", DOSSIER, dossier(1, agency_code=UNKNOWN_AGENCY)),
        ("procedure", DOSSIER, dossier(1, procedure_code="9.999999")),
        ("product", LISTED, example(LISTED, "ocop_product", 1, ocop_product_code=UNKNOWN_PRODUCT)),
    ],
)
def test_an_event_that_came_before_its_reference_is_loaded_once_that_is_known(
    seeded: Engine, lake: LakeStore, reference: str, contract: Contract, event: Any
) -> None:
    assert load_checked(seeded, lake, contract, [event]).quarantined == 1
    ((missing, reason_en, reason_vi),) = entries(seeded, "missing_references", "reason_en", "reason_vi")
    assert missing == [reference]
    assert "reference missing" in reason_en
    assert "thiếu dữ liệu tham chiếu" in reason_vi
    assert due(seeded) == []
    assert replayed(seeded, lake, contract, Choice(reference_changed=True)) is None

    give_reference(seeded, lake, reference)
    assert due(seeded) == [contract.event]
    result = replayed(seeded, lake, contract, Choice(reference_changed=True))
    assert result is not None
    assert result.counts() == {"consumed": 1, "loaded": 1, "duplicate": 0, "quarantined": 0}
    (row,) = core_rows(seeded, contract)
    assert row["kafka_timestamp"].timestamp() * 1000 == KAFKA_TIME
    lineage = {"kafka_partition": 0, "kafka_offset": 0, "schema_id": SCHEMA_ID, "load_id": result.load_id}
    assert {name: row[name] for name in lineage} == lineage
    closed = entries(seeded, "status", "outcome", "closed_by", "close_reason", "closed_load_id")
    assert closed == [("replayed", "loaded", "an engineer", "a test", result.load_id)]
    assert due(seeded) == []
    assert watermarks(seeded)[0] == 1
    assert staging_names(seeded) == []
    assert_in_order(seeded, contract)


def test_what_was_replayed_is_not_replayed_again(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, agency_code=UNKNOWN_AGENCY)])
    register_agency(seeded, lake)
    assert replayed(seeded, lake, DOSSIER) is not None
    before = core_rows(seeded, DOSSIER), quarantined(seeded)
    assert replayed(seeded, lake, DOSSIER) is None
    assert (core_rows(seeded, DOSSIER), quarantined(seeded)) == before


def test_an_event_that_core_has_meanwhile_is_closed_as_duplicate(seeded: Engine, lake: LakeStore) -> None:
    late = dossier(1, agency_code=UNKNOWN_AGENCY)
    load_checked(seeded, lake, DOSSIER, [late, late, dossier(1)])
    register_agency(seeded, lake)
    result = replayed(seeded, lake, DOSSIER)
    assert result is not None
    assert (result.loaded, result.duplicate) == (0, 2)
    assert entries(seeded, "status", "outcome") == [("replayed", "duplicate")] * 2
    assert [row["kafka_offset"] for row in core_rows(seeded, DOSSIER)] == [2]
    assert_in_order(seeded, DOSSIER)


def test_of_two_records_of_one_event_the_first_is_loaded(seeded: Engine, lake: LakeStore) -> None:
    late = dossier(1, agency_code=UNKNOWN_AGENCY)
    load_checked(seeded, lake, DOSSIER, [late, late])
    register_agency(seeded, lake)
    replayed(seeded, lake, DOSSIER)
    assert entries(seeded, "outcome") == [("loaded",), ("duplicate",)]
    assert [row["kafka_offset"] for row in core_rows(seeded, DOSSIER)] == [0]
    assert_in_order(seeded, DOSSIER)


def test_what_fails_again_stays_open_with_the_reasons_of_today(seeded: Engine, lake: LakeStore) -> None:
    unknown_twice = dossier(1, agency_code=UNKNOWN_AGENCY, commune_code=UNKNOWN_COMMUNE)
    load_checked(seeded, lake, DOSSIER, [unknown_twice, dossier(2, agency_code=UNKNOWN_AGENCY, fee_vnd=-1)])
    assert entries(seeded, "rule", "missing_references") == [
        ("agency_code_ref", ["admin_unit", "agency"]),
        ("agency_code_ref", []),
    ]
    register_agency(seeded, lake)
    no_breaker_for_replays = replace(DOSSIER, breaker=Breaker(share=0.0, rows=0))
    result = replayed(seeded, lake, no_breaker_for_replays)
    assert result == ReplayResult(3, 2, quarantined=2, open_by_rule={"commune_code_ref": 1, "fee_vnd_min": 1})
    assert entries(seeded, "status", "rule", "rules", "missing_references", "tries", "last_tried_load_id") == [
        ("open", "commune_code_ref", ["commune_code_ref"], ["admin_unit"], 2, 3),
        ("open", "fee_vnd_min", ["fee_vnd_min"], [], 2, 3),
    ]
    assert "commune_code" in entries(seeded, "reason_en")[0][0]
    with seeded.connect() as connection:
        assert connection.execute(text("select state from ledger.load where load_id = 3")).scalar_one() == "fruitless"
    assert_in_order(seeded, DOSSIER)


def test_an_entry_is_not_tried_again_before_a_list_it_waits_for_has_changed(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, commune_code=UNKNOWN_COMMUNE)])
    register_agency(seeded, lake)
    assert due(seeded) == []
    add_commune(seeded, "99998")
    assert due(seeded) == [DOSSIER.event]
    result = replayed(seeded, lake, DOSSIER, Choice(reference_changed=True))
    assert result is not None
    assert (result.loaded, result.quarantined) == (0, 1)
    assert due(seeded) == []
    add_commune(seeded)
    assert due(seeded) == [DOSSIER.event]


def test_events_that_bring_references_come_first(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, commune_code=UNKNOWN_COMMUNE)])
    load_checked(seeded, lake, AGENCY, [example(AGENCY, "registered_older_form", 3, admin_unit_code=UNKNOWN_COMMUNE)])
    add_commune(seeded)
    assert due(seeded) == [AGENCY.event, DOSSIER.event]


def test_a_datum_of_an_older_writer_and_child_lines_are_loaded_too(seeded: Engine, lake: LakeStore) -> None:
    first = load_released()[DOSSIER.event][0]
    old = dossier(1, agency_code=UNKNOWN_AGENCY)
    del old["paid_online"]
    today = dossier(2, agency_code=UNKNOWN_AGENCY)
    load_checked(seeded, lake, DOSSIER, [Written(datum(old, first.schema), first.schema, 3), today])
    register_agency(seeded, lake)
    written = desk(seeded, lake, DOSSIER, schemas={3: first.schema})
    assert replay(written, DOSSIER, Choice(), "test") is not None
    found = [(row["kafka_offset"], row["schema_id"], row["paid_online"]) for row in core_rows(seeded, DOSSIER)]
    assert found == [(0, 3, None), (1, SCHEMA_ID, True)]

    load_checked(seeded, lake, ORDER, [order(5, lines=1), order(6, lines=3, seller_commune_code=UNKNOWN_COMMUNE)])
    add_commune(seeded)
    assert replayed(seeded, lake, ORDER) is not None
    assert [(row["line_no"], row["product_code"]) for row in child_rows(seeded, ORDER)] == [
        (1, "TRA-1"),
        (1, "TRA-1"),
        (2, "TRA-2"),
        (3, "TRA-3"),
    ]
    assert_in_order(seeded, DOSSIER, ORDER)


def test_a_choice_names_rules_numbers_and_how_many(seeded: Engine, lake: LakeStore) -> None:
    bad = [dossier(1, fee_vnd=-1), dossier(2, agency_code=UNKNOWN_AGENCY), dossier(3, agency_code=UNKNOWN_AGENCY)]
    load_checked(seeded, lake, DOSSIER, [*bad, Reject("null_value", value=None)])
    ids = [number for (number,) in entries(seeded, "id")]

    def taken(choice: Choice, limits: ReplayLimits = LIMITS) -> list[int]:
        with seeded.connect() as connection:
            return [datum.offset for datum in chosen(connection, DOSSIER.event, choice, limits)]

    assert taken(Choice()) == [0, 1, 2]
    assert taken(Choice(rules=["agency_code_ref"])) == [1, 2]
    assert taken(Choice(rules=["no_such_rule"])) == []
    assert taken(Choice(ids=ids[:1])) == [0]
    assert taken(Choice(), ReplayLimits(max_entries=2)) == [0, 1]
    assert taken(Choice(), ReplayLimits(max_bytes=1)) == [0]
    assert taken(Choice(tried_before=1)) == []
    with seeded.connect() as connection:
        assert undecodable(connection, DOSSIER.event, Choice()) == 1
        assert undecodable(connection, DOSSIER.event, Choice(ids=ids[:1])) == 0


def test_a_dry_run_counts_and_changes_nothing(seeded: Engine, lake: LakeStore) -> None:
    load_checked(seeded, lake, DOSSIER, [dossier(1, agency_code=UNKNOWN_AGENCY), dossier(2, fee_vnd=-1)])
    register_agency(seeded, lake)
    before = core_rows(seeded, DOSSIER), quarantined(seeded)
    result = replayed(seeded, lake, DOSSIER, rehearse=True)
    would_be = ReplayResult(3, 2, loaded=1, quarantined=1, open_by_rule={"fee_vnd_min": 1})
    assert result == replace(would_be, rehearsed=True)
    assert (core_rows(seeded, DOSSIER), quarantined(seeded)) == before
    assert staging_names(seeded) == []
    assert replayed(seeded, lake, DOSSIER) == replace(would_be, load_id=4)


def test_more_entries_than_a_load_takes_are_each_tried_once(seeded: Engine, lake: LakeStore) -> None:
    bad = [dossier(at, agency_code=UNKNOWN_AGENCY) for at in (1, 2)]
    load_checked(seeded, lake, DOSSIER, [*bad, dossier(3, fee_vnd=-1)])
    register_agency(seeded, lake)
    small = desk(seeded, lake, DOSSIER, limits=ReplayLimits(max_entries=2))
    results = list(replay_all(small, DOSSIER, Choice(), "test"))
    assert [(each.consumed, each.loaded) for each in results] == [(2, 2), (1, 0)]
    assert entries(seeded, "tries") == [(1,), (1,), (2,)]
