"""What Avro holds and the warehouse cannot: one row in quarantine, and its neighbours loaded."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from sqlalchemy import Engine

from consumers.warehouse.publish import publish
from infra.object_store import LakeStore
from tests.component.warehouse.loads import condemn, core_rows, load, quarantined, stage_checked
from tests.everything import EVERYTHING, SCHEMA, everything, item, unchecked
from tests.landed_batches import Written, datum, land
from tests.samples import event_id

YEARS = "lies outside the years 1 to 9999"
DIGITS = "has too many digits"


def unstorable(number: int, **changes: Any) -> Written:
    """An event with values that fastavro would not write for their logical type."""
    plain = {"occurred_at": 0, "amount": None, "seen_on": None, "seen_at": None, "items": [], **changes}
    return Written(datum(everything(number, **plain), unchecked(SCHEMA)), SCHEMA)


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"note": "a\0b"}, "note", "note holds a NUL character"),
        ({"source": "\0"}, "source", "source holds a NUL character"),
        ({"occurred_at": 2**63 - 1}, "occurred_at", f"occurred_at {YEARS}"),
        ({"seen_at": -(2**63)}, "seen_at", f"seen_at {YEARS}"),
        ({"seen_at": 253_402_300_800_000}, "seen_at", f"seen_at {YEARS}"),
        ({"seen_on": 2_932_897}, "seen_on", f"seen_on {YEARS}"),
        ({"seen_on": -719_163}, "seen_on", f"seen_on {YEARS}"),
        ({"amount": (10**6).to_bytes(4)}, "amount", f"amount {DIGITS}"),
        ({"amount": (-(10**30)).to_bytes(16, signed=True)}, "amount", f"amount {DIGITS}"),
        ({"share": float("nan")}, "share", "share is not a finite number"),
        ({"share": float("-inf")}, "share", "share is not a finite number"),
        ({"items": [{"label": "x\0", "price": None, "made_on": None}]}, None, "items.label holds a NUL character"),
        ({"items": [{"label": "x", "price": b"\x7f" * 9, "made_on": None}]}, None, f"items.price {DIGITS}"),
    ],
)
def test_only_the_row_itself_is_quarantined(
    engine: Engine, lake: LakeStore, change: dict[str, Any], field: str | None, reason: str
) -> None:
    bad = unstorable(2, **change)
    land(lake, EVERYTHING, [everything(1), bad, everything(3)])
    result = load(engine, lake, EVERYTHING)
    assert (result.loaded, result.quarantined) == (2, 1)
    assert [row["kafka_offset"] for row in core_rows(engine, EVERYTHING)] == [0, 2]
    (entry,) = quarantined(engine)
    assert (entry["rule"], entry["rules"], entry["reason_en"]) == ("storable", ["storable"], reason)
    assert entry["reason_vi"].startswith(reason.split(" ", 1)[0])
    assert entry["raw"] == bad.datum
    assert str(entry["event_id"]) == event_id(2)
    assert entry["payload"]["code"] == "Đồng Văn 2"
    if field:
        assert entry["payload"][field] is None


def test_the_very_last_storable_values_are_loaded(engine: Engine, lake: LakeStore) -> None:
    last = unstorable(
        1, occurred_at=253_402_300_799_999, seen_on=2_932_896, amount=(999_999).to_bytes(4), share=sys.float_info.max
    )
    first = unstorable(2, occurred_at=-62_135_596_800_000, seen_on=-719_162, amount=(-999_999).to_bytes(4, signed=True))
    land(lake, EVERYTHING, [last, first])
    assert load(engine, lake, EVERYTHING).loaded == 2
    high, low = core_rows(engine, EVERYTHING)
    assert (str(high["occurred_at"].date()), str(high["seen_on"]), str(high["amount"])) == (
        "9999-12-31",
        "9999-12-31",
        "9999.99",
    )
    assert (str(low["occurred_at"].date()), str(low["seen_on"]), str(low["amount"])) == (
        "0001-01-01",
        "0001-01-01",
        "-9999.99",
    )


def test_an_id_that_is_no_uuid_is_quarantined_without_it(engine: Engine, lake: LakeStore) -> None:
    """A producer may have registered the field as a plain string."""
    loose = unchecked(SCHEMA)
    rows = [everything(1), Written(unstorable(2, event_id="nonsense").datum, loose, 8)]
    land(lake, EVERYTHING, rows)
    assert load(engine, lake, EVERYTHING).loaded == 1
    (entry,) = quarantined(engine)
    assert (entry["reason_en"], entry["event_id"]) == ("event_id has no value", None)


def test_several_faults_of_a_row_make_one_entry(engine: Engine, lake: LakeStore) -> None:
    lines = [{**item("x\0"), "price": None, "made_on": None}, {**item("y\0"), "price": None, "made_on": None}]
    land(lake, EVERYTHING, [unstorable(1, note="\0", share=float("inf"), items=lines)])
    assert load(engine, lake, EVERYTHING).quarantined == 1
    (entry,) = quarantined(engine)
    assert entry["reason_en"] == "; ".join(
        ["items.label holds a NUL character", "note holds a NUL character", "share is not a finite number"]
    )
    assert [line["label"] for line in entry["payload"]["items"]] == [None, None]


def test_the_fault_itself_is_the_main_rule_beside_rules_that_saw_a_null(engine: Engine, lake: LakeStore) -> None:
    land(lake, EVERYTHING, [unstorable(1, source="\0")])
    load_id = stage_checked(engine, lake, EVERYTHING)
    condemn(engine, EVERYTHING, load_id, 0, rule="a_source_is_there")
    publish(engine, lake, EVERYTHING, load_id)
    (entry,) = quarantined(engine)
    assert (entry["rule"], entry["rules"]) == ("storable", ["a_source_is_there", "storable"])
