"""Builds small contracts for the tests of schemas/."""

from __future__ import annotations

from typing import Any

from schemas.contract import Contract, parse_contract

UUID = {"type": "string", "logicalType": "uuid"}
TIMESTAMP = {"type": "long", "logicalType": "timestamp-millis"}
ENVELOPE = {"event_id": UUID, "occurred_at": TIMESTAMP, "source": "string", "synthetic": "boolean"}
EVENT = {
    "event_id": "017a36b3-8200-7000-8000-000000000001",
    "occurred_at": 1624406400000,
    "source": "H22",
    "synthetic": True,
}


def avro_field(name: str, avro: Any, **attributes: Any) -> dict[str, Any]:
    """A documented field; a union gets the default null."""
    default = {"default": None} if isinstance(avro, list) else {}
    documented = {"doc": f"The {name}.", "doc_vi": f"Trường {name}.", "personal_data": "none"}
    return {"name": name, "type": avro, **documented, **default, **attributes}


def avro_schema(*fields: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """The schema of the event `thing_happened` of the domain `society`: the envelope, then `fields`."""
    return {
        "type": "record",
        "name": "ThingHappened",
        "namespace": "vn.hagiang.society",
        "doc": "A thing has happened; one event is one thing.",
        "doc_vi": "Có một việc xảy ra; mỗi sự kiện là một việc.",
        "owner": "public-service-centre",
        "key": "source",
        "producers": ["agency"],
        "retention_days": 30,
        "partitions": 1,
        "version": 1,
        "fields": [*(avro_field(name, avro) for name, avro in ENVELOPE.items()), *fields],
        **attributes,
    }


def contract_with(*fields: dict[str, Any], **attributes: Any) -> Contract:
    """The parsed contract of `avro_schema`."""
    return parse_contract(avro_schema(*fields, **attributes), domain="society", event="thing_happened")


def child_list(name: str, *fields: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    """A field that is a list of records `Part`."""
    items = {"type": "record", "name": "Part", "fields": list(fields)}
    return avro_field(name, {"type": "array", "items": items}, **attributes)
