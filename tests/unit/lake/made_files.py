"""Landed files made in memory, for tests of whoever reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import fastavro

from consumers.lake.container import container_block, container_header
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL, landed_schema

SYNC = b"0123456789abcdef"
SCHEMA = {
    "type": "record",
    "name": "Visit",
    "namespace": "vn.hagiang.society",
    "fields": [
        {"name": "event_id", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "place", "type": "string"},
        {"name": "visitors", "type": ["null", "int"], "default": None},
    ],
}


def visit(number: int, place: str = "Đồng Văn") -> dict[str, Any]:
    return {"event_id": f"0190a0a0-0000-7000-8000-{number:012d}", "place": place, "visitors": number}


def encoded(record: Mapping[str, Any], schema: Mapping[str, Any] = SCHEMA) -> bytes:
    buffer = BytesIO()
    fastavro.schemaless_writer(buffer, dict(schema), dict(record))
    return buffer.getvalue()


def container_of(datums: Mapping[int, bytes], *, seal_base: int, from_offset: int, block_records: int = 2) -> bytes:
    """A container of datums by offset; each has its offset times ten as Kafka timestamp."""
    parts = [container_header(landed_schema(SCHEMA), SYNC)]
    rows = [SEAL.pack(seal_base + at - from_offset, at * 10) + datum for at, datum in datums.items()]
    for start in range(0, len(rows), block_records):
        block = rows[start : start + block_records]
        parts.append(container_block(len(block), b"".join(block), SYNC))
    return b"".join(parts)


def manifest_of(container: bytes, *, records: int, seal_base: int, from_offset: int, next_offset: int) -> Manifest:
    file = LandedFile(
        name="schema-7-aa.avro",
        schema_id=7,
        records=records,
        bytes=len(container),
        sha256=hashlib.sha256(container).hexdigest(),
        seal_base=seal_base,
    )
    return Manifest(
        topic="society.visit",
        partition=0,
        from_offset=from_offset,
        next_offset=next_offset,
        records=records,
        rejected=0,
        files=(file,),
        first_timestamp=from_offset * 10,
        last_timestamp=next_offset * 10,
        created_at="2021-06-01T00:00:00.000Z",
        writer="test",
    )
