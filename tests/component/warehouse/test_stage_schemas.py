"""Events of any writer schema, older or newer, arrive in today's columns."""

from __future__ import annotations

import copy
from uuid import UUID

import pytest
from sqlalchemy import Engine

from consumers.warehouse.resolve import TypeChanged
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from schemas.contract import Json, parse_contract
from schemas.versions import load_released
from tests.component.warehouse.loads import DOSSIER, child_rows, core_rows, load
from tests.everything import EVERYTHING, SCHEMA, everything, field, nullable
from tests.landed_batches import Written, datum, land
from tests.samples import dossier, event_id


def with_fields(*fields: Json, drop: tuple[str, ...] = ()) -> Json:
    schema = copy.deepcopy(SCHEMA)
    schema["fields"] = [f for f in schema["fields"] if f["name"] not in drop] + list(fields)
    return schema


def test_a_field_of_every_kind_arrives_unchanged(engine: Engine, lake: LakeStore) -> None:
    full = everything(1)
    empty = everything(2, **{f.name: None for f in EVERYTHING.fields if f.nullable}, items=[])
    land(lake, EVERYTHING, [full, empty])
    load(engine, lake, EVERYTHING)
    for event, row in zip((full, empty), core_rows(engine, EVERYTHING), strict=True):
        ids = {name: UUID(event[name]) if event[name] else None for name in ("event_id", "other_id")}
        wanted = {f.name: event[f.name] for f in EVERYTHING.fields} | ids
        assert {name: row[name] for name in wanted} == wanted
    lines = [{k: row[k] for k in ("line_no", "label", "price", "made_on")} for row in child_rows(engine, EVERYTHING)]
    assert lines == [{"line_no": place, **line} for place, line in enumerate(full["items"], start=1)]


def test_a_released_older_version_and_today_s_lie_in_one_batch(engine: Engine, lake: LakeStore) -> None:
    first = load_released()[DOSSIER.event][0]
    old = dossier(1)
    del old["paid_online"]
    land(lake, DOSSIER, [dossier(0), Written(datum(old, first.schema), first.schema, 3), dossier(2)])
    load(engine, lake, DOSSIER)
    found = [(row["kafka_offset"], row["schema_id"], row["paid_online"]) for row in core_rows(engine, DOSSIER)]
    assert found == [(0, 7, True), (1, 3, None), (2, 7, True)]


def test_fields_the_writer_did_not_know_get_the_contract_s_defaults(engine: Engine, lake: LakeStore) -> None:
    other = event_id(77)
    today = parse_contract(
        with_fields(
            field("level", "int", default=3),
            field("word", "string", default="none"),
            field("tone", {"type": "enum", "name": "Tone", "symbols": ["low", "high"]}, default="low"),
            field(
                "price", {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}, default="\u0001\u0000"
            ),
            field("day", {"type": "int", "logicalType": "date"}, default=1),
            field("moment", {"type": "long", "logicalType": "timestamp-millis"}, default=1000),
            field("twin", {"type": "string", "logicalType": "uuid"}, default=other),
            field("ratio", "double", default=0.5),
            field("sure", "boolean", default=True),
            field(
                "parts",
                {"type": "array", "items": {"type": "record", "name": "Part", "fields": [field("at", "int")]}},
                default=[],
            ),
        ),
        domain="society",
        event="everything_measured",
    )
    land(lake, today, [Written(datum(everything(1), SCHEMA), SCHEMA, 4)])
    load(engine, lake, today)
    (row,) = core_rows(engine, today)
    assert (row["level"], row["word"], row["tone"], str(row["price"])) == (3, "none", "low", "2.56")
    assert (str(row["day"]), row["moment"].timestamp(), row["twin"]) == ("1970-01-02", 1.0, UUID(other))
    assert (row["ratio"], row["sure"]) == (0.5, True)


def test_what_a_newer_writer_added_is_left_out(engine: Engine, lake: LakeStore) -> None:
    newer = with_fields(
        nullable("brand_new", "string"),
        field(
            "extras", {"type": "array", "items": {"type": "record", "name": "Extra", "fields": [field("at", "int")]}}
        ),
        drop=("note",),
    )
    newer["fields"][-3]["type"]["items"]["fields"].append(nullable("weight", "double"))
    event = everything(1, brand_new="x", extras=[{"at": 1}])
    event["items"][0]["weight"] = 2.5
    land(lake, EVERYTHING, [Written(datum(event, newer), newer, 9), everything(2)])
    assert load(engine, lake, EVERYTHING).loaded == 2
    assert [row["note"] for row in core_rows(engine, EVERYTHING)] == [None, ""]
    assert [row["label"] for row in child_rows(engine, EVERYTHING)] == ["first", "second"] * 2


def test_a_breaking_change_is_named(engine: Engine, lake: LakeStore) -> None:
    broken = with_fields(field("note", "string"), field("big", "string"), drop=("note", "big"))
    land(lake, EVERYTHING, [Written(datum(everything(1, big="many"), broken), broken, 9)])
    with pytest.raises(TypeChanged, match="big is string there"):
        stage(engine, lake, EVERYTHING, run_id="test")


def test_a_field_that_left_the_contract_stays_for_old_rows(engine: Engine, lake: LakeStore) -> None:
    narrower = parse_contract(with_fields(drop=("code",)) | {"key": "source"}, domain="society", event=EVERYTHING.event)
    land(lake, EVERYTHING, [everything(1)])
    load(engine, lake, EVERYTHING)
    land(lake, EVERYTHING, [everything(2)], from_offset=1)
    assert load(engine, lake, narrower).loaded == 1
    assert [row["code"] for row in core_rows(engine, EVERYTHING)] == ["Đồng Văn 1", None]
