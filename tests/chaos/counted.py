"""The contract whose events a run publishes: steps of a place, written by an old and by a new version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.catalog import load_catalog
from schemas.contract import Contract, Json, camel_case

_PLAIN = {"doc": "?", "doc_vi": "?", "personal_data": "none"}
PARTITIONS = 3


def write_contract(folder: Path, event: str) -> Contract:
    """Writes the new version to `folder` and gives it; it has a `note` that the old one lacks."""
    path = folder / "society" / f"{event}.avsc"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_schema(event)), encoding="utf-8")
    return load_catalog(folder)[event]


def old_version(schema: Json) -> Json:
    """The writer schema before `note` came."""
    return {**schema, "fields": [field for field in schema["fields"] if field["name"] != "note"]}


def _schema(event: str) -> Json:
    def field(name: str, avro: Any, **more: Any) -> Json:
        return {"name": name, "type": avro, **_PLAIN, **more}

    return {
        "type": "record",
        "name": camel_case(event),
        "namespace": "vn.hagiang.society",
        "doc": "?",
        "doc_vi": "?",
        "owner": "tests",
        "key": "place",
        "producers": ["agency"],
        "retention_days": 1,
        "partitions": PARTITIONS,
        "version": 2,
        "fields": [
            field("event_id", {"type": "string", "logicalType": "uuid"}),
            field("occurred_at", {"type": "long", "logicalType": "timestamp-millis"}),
            field("source", "string"),
            field("synthetic", "boolean"),
            field("place", "string"),
            field("step", "int", rules={"min": 0}),
            field("note", ["null", "string"], default=None),
        ],
    }
