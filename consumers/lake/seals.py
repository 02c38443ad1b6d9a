"""The seal before each landed datum: it gives the record's offset and Kafka timestamp, and proves where it begins.

A landed file is made by joining datums as they came, without decoding them. A datum that is a byte short would eat its
neighbour, and a hostile one could swallow the next record and forge another. So the landed schema starts with a
16-byte field `_seal`: seal_base + offset - from_offset and the timestamp, big-endian, seal_base being a fresh secret
of the file. Any datum that is too short, too long or hostile shifts the stream, and then the decoded seals differ from
those that were written (ADR 0302).
"""

from __future__ import annotations

import secrets
import struct
from typing import Any

import numpy as np
import pyarrow as pa

from schemas.contract import Json

SEAL = struct.Struct(">QQ")
SEAL_FIELD = "_seal"
_SEAL_TYPE: Json = {"type": "fixed", "name": "Seal", "namespace": "vn.hagiang.landing", "size": SEAL.size}

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Pairs = np.ndarray[Any, np.dtype[np.uint64]]


def fresh_seal_base() -> int:
    """A secret below 2**62, so that adding any offset stays within 63 bits."""
    return secrets.randbits(62)


def landed_schema(writer_schema: Json) -> Json:
    """The writer's record with the seal as its first field."""
    return {**writer_schema, "fields": [{"name": SEAL_FIELD, "type": _SEAL_TYPE}, *writer_schema["fields"]]}


def seal_pairs(offsets: Numbers, timestamps: Numbers, seal_base: int, from_offset: int) -> Pairs:
    """The seals of records as rows of two integers."""
    pairs = np.empty((len(offsets), 2), dtype=np.uint64)
    pairs[:, 0] = offsets.astype(np.uint64) + np.uint64(seal_base) - np.uint64(from_offset)
    pairs[:, 1] = timestamps.view(np.uint64)
    return pairs


def seal_bytes(pairs: Pairs) -> bytes:
    """The seals as they are written, SEAL.size bytes each."""
    return pairs.astype(">u8").tobytes()


def pairs_of(table: pa.Table) -> Pairs:
    """The seals of a decoded file's rows, as rows of two integers."""
    chunks = [_chunk_pairs(chunk) for chunk in table.column(SEAL_FIELD).chunks]
    return np.concatenate(chunks) if chunks else np.empty((0, 2), dtype=np.uint64)


def seals_of(table: pa.Table, seal_base: int, from_offset: int) -> tuple[Numbers, Numbers]:
    """Offsets and Kafka timestamps (ms) of the rows of a decoded file, in their order.

    A timestamp is what the producer or the broker said: any 64-bit integer.
    """
    pairs = pairs_of(table)
    offsets = pairs[:, 0] - np.uint64(seal_base) + np.uint64(from_offset)
    return offsets.view(np.int64), np.ascontiguousarray(pairs[:, 1]).view(np.int64)


def _chunk_pairs(chunk: pa.Array) -> Pairs:
    pairs = np.frombuffer(chunk.buffers()[1], dtype=">u8").reshape(-1, 2)
    return pairs[chunk.offset : chunk.offset + len(chunk)].astype(np.uint64)
