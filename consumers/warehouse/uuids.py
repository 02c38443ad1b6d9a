"""UUIDs as the sixteen bytes PostgreSQL's binary COPY takes."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_FORM = r"^[0-9A-Fa-f]{8}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12}$"
_SIZE = 16


def uuid_bytes(column: pa.Array) -> pa.Array:
    """Binary column of UUIDs given as 16 bytes or as text; text that is no UUID becomes null."""
    if pa.types.is_fixed_size_binary(column.type):
        return column.cast(pa.binary())
    valid = pc.fill_null(pc.match_substring_regex(column, _FORM), False)
    digits = pc.replace_substring(column.filter(valid), "-", "")
    packed = bytes.fromhex("".join(digits.to_pylist()))
    values = pa.FixedSizeBinaryArray.from_buffers(pa.binary(_SIZE), len(digits), [None, pa.py_buffer(packed)])
    return pc.replace_with_mask(pa.nulls(len(column), pa.binary()), valid, values.cast(pa.binary()))
