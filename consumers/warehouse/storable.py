"""Which values of a column the warehouse can store, found in columns and not row by row.

One value that cannot be stored must not fail the load of its neighbours: it becomes null in staging, and its row gets
a verdict that takes it to the quarantine (ADR 0404).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consumers.warehouse.faults import Fault, Mask
from schemas.contract import Field, Kind

# Days and instants outside these years are no use to any client, though PostgreSQL would take some of them.
FIRST_DAY = (datetime.date(1, 1, 1) - datetime.date(1970, 1, 1)).days
LAST_DAY = (datetime.date(9999, 12, 31) - datetime.date(1970, 1, 1)).days
_DAY_MS = 86_400_000
FIRST_MS, LAST_MS = FIRST_DAY * _DAY_MS, (LAST_DAY + 1) * _DAY_MS - 1

Finder = Callable[[pa.Array, Field], pa.Array]


def sort_out(column: pa.Array, field: Field, path: str) -> tuple[pa.Array, list[Fault]]:
    """The column with null in place of what cannot be stored, and the faults; `path` names the field in reasons.

    `column` has the field's Arrow type already (see resolve.py).
    """
    faults = []
    if field.kind in _FINDERS:
        find, what_en, what_vi = _FINDERS[field.kind]
        mask = _as_mask(find(column, field))
        if mask.any():
            faults.append(Fault(path, what_en, what_vi, mask))
    if not field.nullable and column.null_count:
        faults.append(Fault(path, "has no value", "không có giá trị", _as_mask(column.is_null())))
    return _nulled(column, faults), faults


def _nulled(column: pa.Array, faults: list[Fault]) -> pa.Array:
    for fault in faults:
        column = pc.if_else(pa.array(fault.mask), pa.scalar(None, column.type), column)
    return column


def _as_mask(found: pa.Array) -> Mask:
    mask: Mask = pc.fill_null(found, False).to_numpy(zero_copy_only=False)
    return mask


def _with_nul(column: pa.Array, _field: Field) -> pa.Array:
    return pc.match_substring(column, "\0")


def _beyond_days(column: pa.Array, _field: Field) -> pa.Array:
    return _outside(column.view(pa.int32()), FIRST_DAY, LAST_DAY)


def _beyond_instants(column: pa.Array, _field: Field) -> pa.Array:
    return _outside(column.view(pa.int64()), FIRST_MS, LAST_MS)


def _not_finite(column: pa.Array, _field: Field) -> pa.Array:
    return pc.invert(pc.is_finite(column))


def _too_many_digits(column: pa.Array, field: Field) -> pa.Array:
    limit = Decimal(10**field.precision - 1).scaleb(-(field.scale or 0)) if field.precision else Decimal(0)
    return _outside(column, pa.scalar(-limit, column.type), pa.scalar(limit, column.type))


def _outside(column: pa.Array, low: object, high: object) -> pa.Array:
    return pc.or_(pc.less(column, low), pc.greater(column, high))


def clipped_instants(milliseconds: np.ndarray) -> pa.Array:
    """Kafka's own timestamps, brought within what can be stored."""
    return pa.array(np.clip(milliseconds, FIRST_MS, LAST_MS)).view(pa.timestamp("ms", "UTC"))


_NUL = (_with_nul, "holds a NUL character", "chứa ký tự NUL")
_YEARS = ("lies outside the years 1 to 9999", "nằm ngoài các năm 1 đến 9999")
_FINDERS: Mapping[Kind, tuple[Finder, str, str]] = {
    "string": _NUL,
    "enum": _NUL,
    "date": (_beyond_days, *_YEARS),
    "timestamp": (_beyond_instants, *_YEARS),
    "double": (_not_finite, "is not a finite number", "không phải là số hữu hạn"),
    "decimal": (_too_many_digits, "has too many digits", "có quá nhiều chữ số"),
}
