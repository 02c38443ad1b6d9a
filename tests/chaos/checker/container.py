"""Avro container files, read by the letter of the specification: fastavro lacks our compression."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import fastavro
import zstandard

_HEADER = {
    "type": "record",
    "name": "org.apache.avro.file.Header",
    "fields": [
        {"name": "magic", "type": {"type": "fixed", "name": "magic", "size": 4}},
        {"name": "meta", "type": {"type": "map", "values": "bytes"}},
        {"name": "sync", "type": {"type": "fixed", "name": "sync", "size": 16}},
    ],
}


def read_container(content: bytes) -> Iterator[dict[str, Any]]:
    """The records, with their writer schema; raises ValueError for a block that does not end where it says."""
    stream = io.BytesIO(content)
    header: Any = fastavro.schemaless_reader(stream, _HEADER)
    schema = fastavro.parse_schema(json.loads(header["meta"]["avro.schema"]))
    packed = header["meta"].get("avro.codec", b"null") == b"zstandard"
    while stream.tell() < len(content):
        count: Any = fastavro.schemaless_reader(stream, "long")
        size: Any = fastavro.schemaless_reader(stream, "long")
        block = stream.read(size)
        if stream.read(16) != header["sync"]:
            raise ValueError(f"a block of {count} records does not end where it says")
        records = io.BytesIO(zstandard.ZstdDecompressor().decompressobj().decompress(block) if packed else block)
        for _ in range(count):
            yield fastavro.schemaless_reader(records, schema)
        if records.read(1):
            raise ValueError(f"a block holds more than its {count} records")
