"""Pairs of versions of a contract, with whether they go together by our check and by the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schemas.contract import Json
from tests.unit.schemas.small_contract import TIMESTAMP, UUID, avro_schema, child_list
from tests.unit.schemas.small_contract import avro_field as field

DATE = {"type": "int", "logicalType": "date"}


@dataclass(frozen=True)
class Pair:
    """Two versions; `compatible` is the registry's verdict, `ours` ours where we are stricter."""

    name: str
    old: Json
    new: Json
    compatible: bool
    ours: bool


def enum(*symbols: str, name: str = "Channel", **attributes: Any) -> Json:
    return {"type": "enum", "name": name, "symbols": list(symbols), **attributes}


def decimal(precision: int, scale: int) -> Json:
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def retyped(name: str, old: Any, new: Any, *, compatible: bool, ours: bool | None = None) -> Pair:
    """The field `n` has another type."""
    versions = avro_schema(field("n", old)), avro_schema(field("n", new))
    return Pair(name, *versions, compatible, compatible if ours is None else ours)


def added(name: str, new: Json, *, compatible: bool) -> list[Pair]:
    """A field was added, and the other way round."""
    without, with_it = avro_schema(), avro_schema(new)
    return [
        Pair(f"{name}_added", without, with_it, compatible, compatible),
        Pair(f"{name}_removed", with_it, without, compatible, compatible),
    ]


def relisted(name: str, old: list[Json], new: list[Json], *, compatible: bool) -> Pair:
    """The records of the list `lines` have other fields."""
    versions = avro_schema(child_list("lines", *old)), avro_schema(child_list("lines", *new))
    return Pair(name, *versions, compatible, compatible)


def reworded(title: str, *, ours: bool, compatible: bool = True, **attributes: Any) -> Pair:
    """The record has another attribute."""
    return Pair(title, avro_schema(), avro_schema(**attributes), compatible, ours)


NULLABLE = field("x", ["null", "int"])
PLAIN = field("x", "int")

PAIRS = [
    *added("nullable_field", NULLABLE, compatible=True),
    *added("field_with_default", field("x", "string", default=""), compatible=True),
    *added("field_without_default", field("x", "string"), compatible=False),
    *added("list_with_default", child_list("lines", PLAIN, default=[]), compatible=True),
    *added("list_without_default", child_list("lines", PLAIN), compatible=False),
    Pair("field_renamed", avro_schema(PLAIN), avro_schema(field("y", "int")), compatible=False, ours=False),
    Pair("fields_reordered", avro_schema(PLAIN, field("y", "int")), avro_schema(field("y", "int"), PLAIN), True, True),
    Pair("list_became_field", avro_schema(child_list("x", PLAIN)), avro_schema(PLAIN), compatible=False, ours=False),
    retyped("same", "int", "int", compatible=True),
    retyped("int_to_long", "int", "long", compatible=False),
    retyped("long_to_int", "long", "int", compatible=False),
    retyped("int_to_double", "int", "double", compatible=False),
    retyped("string_to_int", "string", "int", compatible=False),
    retyped("string_to_enum", "string", enum("a"), compatible=False),
    retyped("became_nullable", "int", ["null", "int"], compatible=False),
    retyped("no_longer_nullable", ["null", "int"], "int", compatible=False),
    retyped("symbol_added", enum("a"), enum("a", "b"), compatible=False),
    retyped("symbol_added_under_null", ["null", enum("a")], ["null", enum("a", "b")], compatible=False),
    retyped("symbol_added_default", enum("a", default="a"), enum("a", "b", default="a"), compatible=True),
    retyped("symbol_and_default_added", enum("a"), enum("a", "b", default="a"), compatible=False),
    retyped("symbol_removed", enum("a", "b"), enum("a"), compatible=False),
    retyped("symbol_removed_default", enum("a", "b", default="a"), enum("a", default="a"), compatible=True),
    retyped("symbols_reordered", enum("a", "b"), enum("b", "a"), compatible=True),
    retyped("enum_renamed", enum("a"), enum("a", name="Way"), compatible=False),
    relisted("list_field_added", [PLAIN], [PLAIN, field("y", ["null", "int"])], compatible=True),
    relisted("list_field_added_without_default", [PLAIN], [PLAIN, field("y", "int")], compatible=False),
    relisted("list_field_removed", [PLAIN, field("y", "int")], [PLAIN], compatible=False),
    relisted("list_field_retyped", [PLAIN], [field("x", "string")], compatible=False),
    relisted("list_symbol_added", [field("x", enum("a"))], [field("x", enum("a", "b"))], compatible=False),
    Pair(
        "enum_defined_earlier",
        avro_schema(child_list("lines", PLAIN), field("y", enum("a"))),
        avro_schema(child_list("lines", PLAIN, field("z", ["null", enum("a")])), field("y", "Channel")),
        compatible=True,
        ours=True,
    ),
    reworded("documented", doc="Another sentence.", ours=True),
    reworded("kept_longer", retention_days=90, ours=True),
    reworded("record_renamed", name="ThingHappens", ours=False, compatible=False),
    # What Avro does not see, and the platform would trip over:
    reworded("namespace_changed", namespace="vn.hagiang.economy", ours=False),
    reworded("key_changed", key="event_id", ours=False),
    Pair(
        "unit_changed", avro_schema({**PLAIN, "unit": "VND"}), avro_schema({**PLAIN, "unit": "USD"}), True, ours=False
    ),
    retyped("decimal_precision", decimal(12, 2), decimal(14, 2), compatible=True, ours=False),
    retyped("decimal_scale", decimal(12, 2), decimal(12, 3), compatible=True, ours=False),
    retyped("timestamp_to_long", TIMESTAMP, "long", compatible=True, ours=False),
    retyped("date_to_int", DATE, "int", compatible=True, ours=False),
    retyped("uuid_to_string", UUID, "string", compatible=True, ours=False),
    retyped("string_to_decimal", "string", decimal(12, 2), compatible=True, ours=False),
]
