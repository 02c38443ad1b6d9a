"""A quick look at single datums, to find most of the guilty ones of a block that failed."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import fastavro

from schemas.contract import Json

_PADDING = bytes(16)
_STRUCTURE = {"type", "name", "namespace", "fields", "items", "values", "symbols", "size"}


def framing_faults(schema: Json, datums: Sequence[bytes]) -> Mapping[int, str]:
    """Places of the datums that do not fill their bytes exactly, or hold text that is no UTF-8 or no UUID.

    All that are named here are invalid Avro. A datum that passes may still be refused by the columnar decoder.
    """
    parsed = fastavro.parse_schema(_bare(schema))
    faults = ((row, _fault_of(parsed, datum)) for row, datum in enumerate(datums))
    return {row: fault for row, fault in faults if fault is not None}


def _fault_of(parsed: Any, datum: bytes) -> str | None:
    # Behind the padding a number that is cut short shows as read too far; at the end of the bytes it would not show.
    buffer = io.BytesIO(datum + _PADDING)
    try:
        fastavro.schemaless_reader(buffer, parsed, None)
    except IndexError:
        # An enum symbol or union branch that does not exist: the columnar decoder judges these.
        return None
    except Exception as error:
        # Which exceptions fastavro raises on hostile bytes is not specified.
        return f"{type(error).__name__} {error}".strip()
    left = len(datum) - buffer.tell()
    if left > 0:
        return f"{left} bytes are left over"
    return f"{-left} bytes or more are missing" if left else None


def _bare(avro: Any) -> Any:
    """The schema without logical types other than uuid: those refuse values that are well-formed Avro."""
    if isinstance(avro, list):
        return [_bare(branch) for branch in avro]
    if not isinstance(avro, dict):
        return avro
    kept = {key: _bare(value) for key, value in avro.items() if key in _STRUCTURE}
    return {**kept, "logicalType": "uuid"} if avro.get("logicalType") == "uuid" else kept
