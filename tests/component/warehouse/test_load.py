"""stage and publish together, on PostgreSQL and an object store."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Engine

from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    batches,
    child_rows,
    condemn,
    core_rows,
    load,
    quarantined,
    stage_checked,
    staging_names,
    watermarks,
)
from tests.landed_batches import KAFKA_TIME, SCHEMA_ID, Reject, datum, land
from tests.samples import dossier, event_id, order


def test_events_arrive_in_core_as_they_were_written(engine: Engine, lake: LakeStore) -> None:
    event = dossier(1, previous_status=None, fee_vnd=None, source="H22.05")
    land(lake, DOSSIER, [event], from_offset=0)
    result = load(engine, lake, DOSSIER)
    assert result == PublishResult(1, stale=False, consumed=1, loaded=1)
    (row,) = core_rows(engine, DOSSIER)
    assert row.pop("kafka_timestamp").timestamp() * 1000 == KAFKA_TIME
    lineage = {"kafka_partition": 0, "kafka_offset": 0, "schema_id": SCHEMA_ID, "load_id": 1}
    assert row == {**event, "event_id": UUID(event_id(1)), **lineage}


def test_lists_become_child_rows_in_their_order(engine: Engine, lake: LakeStore) -> None:
    land(lake, ORDER, [order(1, lines=3), order(2, lines=0), order(3, lines=1)])
    load(engine, lake, ORDER)
    found = [(row["event_id"], row["line_no"], row["product_code"]) for row in child_rows(engine, ORDER)]
    first, third = UUID(event_id(1)), UUID(event_id(3))
    assert found == [(first, 1, "TRA-1"), (first, 2, "TRA-2"), (first, 3, "TRA-3"), (third, 1, "TRA-1")]


def test_nothing_is_staged_when_the_lake_holds_nothing_new(engine: Engine, lake: LakeStore) -> None:
    assert stage(engine, lake, DOSSIER, run_id="test") is None
    land(lake, DOSSIER, [dossier(1)])
    load(engine, lake, DOSSIER)
    assert stage(engine, lake, DOSSIER, run_id="test") is None


def test_every_record_is_accounted_for(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(1), dossier(2), Reject("null_value", value=None), dossier(3)])
    land(lake, DOSSIER, [dossier(4)], partition=2)
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, offset=2)
    result = publish(engine, lake, DOSSIER, load_id)
    assert result.counts() == {"consumed": 6, "loaded": 3, "duplicate": 1, "quarantined": 1, "rejected": 1, "erased": 0}
    counts = ("partition", "from_offset", "next_offset", "consumed", "loaded", "duplicate", "quarantined", "rejected")
    assert [tuple(entry[name] for name in counts) for entry in batches(engine)] == [
        (0, 0, 5, 5, 2, 1, 1, 1),
        (2, 0, 1, 1, 1, 0, 0, 0),
    ]
    assert watermarks(engine) == {0: 5, 2: 1}
    assert staging_names(engine) == []


def test_quarantine_keeps_bytes_content_and_every_reason(engine: Engine, lake: LakeStore) -> None:
    bad = order(1, lines=2)
    land(lake, ORDER, [order(0), bad, Reject("undecodable_datum", detail="cut\0short", value=b"\0\0\0\0\7x")])
    load_id = stage_checked(engine, lake, ORDER)
    condemn(engine, ORDER, load_id, 1, rule="total_is_sum")
    condemn(engine, ORDER, load_id, 1, rule="known_commune")
    condemn(engine, ORDER, load_id, 1, rule="odd_hour", severity="warning")
    condemn(engine, ORDER, load_id, 0, rule="odd_hour", severity="warning")
    publish(engine, lake, ORDER, load_id)
    row, reject = quarantined(engine)
    assert (row["origin"], row["rule"], row["severity"]) == ("check", "known_commune", "critical")
    assert row["rules"] == ["known_commune", "odd_hour", "total_is_sum"]
    assert row["reason_en"] == "breaks known_commune; breaks total_is_sum"
    assert row["reason_vi"] == "vi phạm known_commune; vi phạm total_is_sum"
    assert row["raw"] == datum(bad, ORDER.schema)
    assert row["payload"]["lines"] == bad["lines"]
    assert row["payload"]["order_id"] == "ORDER1"
    assert "kafka_offset" not in row["payload"]
    assert (reject["origin"], reject["rule"], reject["rules"]) == (
        "landing",
        "undecodable_datum",
        ["undecodable_datum"],
    )
    assert reject["reason_en"] == "The datum cannot be decoded with its schema: cut\ufffdshort"
    assert reject["reason_vi"].endswith(": cut\ufffdshort")
    assert (reject["raw"], reject["payload"]) == (b"\0\0\0\0\7x", None)
    assert [row["event_id"] for row in core_rows(engine, ORDER)] == [UUID(event_id(0))]
