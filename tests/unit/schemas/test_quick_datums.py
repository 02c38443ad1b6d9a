"""The quick way to a datum against the codec's careful one: the same bytes, or left to it."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from schemas.catalog import load_catalog
from schemas.codec import EventCodec, EventInvalid, prepare
from schemas.example_files import load_examples
from tests.unit.schemas.small_contract import EVENT, avro_field, child_list, contract_with

MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
KINDS = (
    avro_field("whole", "int", default=7),
    avro_field("long", ["null", "long"], rules={"min": -5, "max": 2.5}),
    avro_field("share", ["null", "double"], rules={"max": 1}),
    avro_field("day", ["null", {"type": "int", "logicalType": "date"}], rules={"min": 0}),
    avro_field("due_at", ["null", {"type": "long", "logicalType": "timestamp-millis"}]),
    avro_field("other_id", ["null", {"type": "string", "logicalType": "uuid"}]),
    avro_field("name", ["null", "string"], rules={"max_length": 5}),
    avro_field("code", ["null", "string"], rules={"pattern": "^[A-Z.\\0]*$"}),
    avro_field("size", ["null", {"type": "enum", "name": "Size", "symbols": ["small", "large"]}]),
    avro_field("paid", ["null", "boolean"]),
    avro_field("budget", ["null", MONEY]),
    child_list("lines", avro_field("quantity", "int"), avro_field("note", ["null", "string"]), default=[]),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 3, 63, 64, 1023, 1024, -5, -6, 2**31 - 1, 2**31, 2**63 - 1, -(2**63), 2**63, 2**70),
    *(0.0, 1.0, 1.5, -2.5, math.nan, math.inf, Decimal("12.50"), Decimal("12.505"), "12.50", "1e5", 1e-7),
    *("", "A", "A.B", "\0", "\ud800", "Lũng", "Lũng Cú", "small", "Small", "ễ" * 700, "x" * 1024),
    *("2021-06-23", "2021-02-30", "1969-12-31", "0001-01-01", "2021-06-23\n", "２０２１-06-23", date(2021, 6, 23)),
    *("2021-06-23T08:15:00+07:00", "2021-06-23T08:15:00.999999Z", "2021-06-23T08:15:00", "1950-01-01T00:00:00Z"),
    *(
        "9999-12-31T23:59:59.999999-14:00",
        "0001-01-01T00:00:00+14:00",
        "20210623T081500Z",
        1_624_406_400_000,
        1_624_406_400,
    ),
    *(
        "1970-05-01T00:00:00Z",
        "1970-07-18T21:32:59.183Z",
        "1970-07-18T21:32:59.184Z",
        "2039-09-07T15:47:35.551Z",
        "2039-09-07T15:47:35.552Z",
    ),
    *(
        "017A36B3-8200-7000-8000-000000000001",
        "017a36b382007000800000000000000a",
        UUID(int=7),
        datetime(2021, 6, 23, tzinfo=UTC),
    ),
    *(
        [],
        {},
        [[]],
        [{}],
        [{"quantity": 1}],
        [{"quantity": 2, "note": "x"}, {"quantity": 70}],
        [{"quantity": "1"}],
        b"x",
        (),
    ),
    *([{"quantity": 1, "more": 1}], ({"quantity": 1},), {"quantity": 1}, [None]),
)


def carefully(codec: EventCodec, event: Any) -> bytes | None:
    try:
        return codec.encode_closely(event)
    except EventInvalid:
        return None


def assert_alike(codec: EventCodec, event: Any) -> bool:
    """Whether the quick way wrote it; fails when it wrote anything but what the codec writes."""
    quick = codec.quick(event)
    assert quick is None or quick == carefully(codec, event), event
    return quick is not None


@pytest.mark.parametrize("field", [each["name"] for each in KINDS] + [*EVENT, "unknown"])
def test_any_value_of_any_kind_is_written_as_the_codec_does_or_left_to_it(field: str) -> None:
    codec = prepare(contract_with(*KINDS))
    ways = Counter(assert_alike(codec, {**EVENT, field: value}) for value in VALUES)
    assert ways[False] > 20
    assert ways[True] > 0 or field == "unknown"


@pytest.mark.parametrize("event", [None, [], "text", 5, [EVENT], {}, {None: 1}, {**EVENT, 5: 1}])
def test_what_is_no_event_is_left_to_the_codec(event: Any) -> None:
    assert prepare(contract_with(*KINDS)).quick(event) is None


def test_good_events_of_every_contract_take_the_quick_way() -> None:
    examples = load_examples()
    for contract in load_catalog().values():
        codec = prepare(contract)
        accepted = [example.payload for example in examples[contract.event] if example.accepted]
        assert accepted
        assert all(assert_alike(codec, event) for event in accepted), contract.event


def test_mixed_up_examples_of_every_contract_are_written_as_the_codec_does_or_left_to_it() -> None:
    rng, examples, ways = random.Random(20210623), load_examples(), Counter[bool]()
    for contract in load_catalog().values():
        codec = prepare(contract)
        for example in examples[contract.event]:
            for _ in range(150):
                event = {name: value for name, value in example.payload.items() if rng.random() < 0.97}
                name = rng.choice([*event, "extra"]) if event else "extra"
                event[name] = rng.choice([*VALUES, *event.values()])
                ways[assert_alike(codec, event)] += 1
    assert min(ways.values()) > 500
