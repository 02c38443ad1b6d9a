"""A contract with a field of every kind, null or not, in the event and in its list."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from schemas.contract import Json, parse_contract
from tests.samples import Event, event_id

UUID_TYPE = {"type": "string", "logicalType": "uuid"}
TIMESTAMP = {"type": "long", "logicalType": "timestamp-millis"}
DATE = {"type": "int", "logicalType": "date"}
DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}
# The same bytes on the wire, without what fastavro would check before it writes them.
UNCHECKED: dict[str, Any] = {"uuid": "string", "timestamp-millis": "long", "date": "int", "decimal": "bytes"}


def field(name: str, avro: Any, **attributes: Any) -> Json:
    return {"name": name, "type": avro, "doc": f"The {name}.", "doc_vi": name, "personal_data": "none", **attributes}


def nullable(name: str, avro: Any) -> Json:
    return field(name, ["null", avro], default=None)


_COLOUR = {"type": "enum", "name": "Colour", "symbols": ["red", "green"]}
_ITEM = {
    "type": "record",
    "name": "Item",
    "fields": [field("label", "string"), nullable("price", DECIMAL), nullable("made_on", DATE)],
}
SCHEMA: Json = {
    "type": "record",
    "name": "EverythingMeasured",
    "namespace": "vn.hagiang.society",
    "doc": "All kinds of fields.",
    "doc_vi": "Mọi loại trường.",
    "owner": "nobody",
    "key": "code",
    "producers": ["agency"],
    "retention_days": 30,
    "partitions": 1,
    "version": 1,
    "fields": [
        field("event_id", UUID_TYPE),
        field("occurred_at", TIMESTAMP),
        field("source", "string"),
        field("synthetic", "boolean"),
        field("code", "string"),
        nullable("other_id", UUID_TYPE),
        nullable("small", "int"),
        nullable("big", "long"),
        nullable("share", "double"),
        nullable("amount", DECIMAL),
        nullable("seen_on", DATE),
        nullable("seen_at", TIMESTAMP),
        nullable("flag", "boolean"),
        nullable("colour", _COLOUR),
        nullable("note", "string"),
        field("items", {"type": "array", "items": _ITEM}),
    ],
}
EVERYTHING = parse_contract(SCHEMA, domain="society", event="everything_measured")


def everything(number: int, **changes: Any) -> Event:
    """An event of the contract with a value in every field."""
    return {
        "event_id": event_id(number),
        "occurred_at": datetime(2021, 6, 21, 7, 30, 0, 5000, tzinfo=UTC),
        "source": "H22.05",
        "synthetic": False,
        "code": f"Đồng Văn {number}",
        "other_id": event_id(1000 + number),
        "small": -(2**31),
        "big": 2**63 - 1,
        "share": 0.1,
        "amount": Decimal("-1234.56"),
        "seen_on": date(1945, 9, 2),
        "seen_at": datetime(1, 1, 1, tzinfo=UTC),
        "flag": False,
        "colour": "green",
        "note": "",
        "items": [item("first"), item("second", price=None, made_on=None)],
        **changes,
    }


def item(label: str, **changes: Any) -> Event:
    return {"label": label, "price": Decimal("0.05"), "made_on": date(2021, 6, 1), **changes}


def unchecked(avro: Any) -> Any:
    """The Avro type with its logical types taken off, for encoding values that they forbid."""
    if isinstance(avro, list):
        return [unchecked(branch) for branch in avro]
    if not isinstance(avro, dict):
        return avro
    if "logicalType" in avro:
        return UNCHECKED[avro["logicalType"]]
    opened = {name: unchecked(avro[name]) for name in ("type", "items") if name in avro and avro["type"] != "enum"}
    fields = {"fields": [unchecked(f) | {"name": f["name"]} for f in avro["fields"]]} if "fields" in avro else {}
    return {**avro, **opened, **fields}
