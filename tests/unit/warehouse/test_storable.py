"""Values that the warehouse cannot store are found in columns, and only those."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from consumers.warehouse.storable import FIRST_DAY, FIRST_MS, LAST_DAY, LAST_MS, sort_out
from schemas.contract import Field, Kind


def field(kind: Kind, *, nullable: bool = True, **more: Any) -> Field:
    return Field("x", kind, nullable, "Doc.", "Mô tả.", "none", **more)


TIMES = pa.array([-(2**63), FIRST_MS - 1, FIRST_MS, LAST_MS, LAST_MS + 1, 2**63 - 1]).view(pa.timestamp("ms", "UTC"))


@pytest.mark.parametrize(
    ("column", "kind", "bad"),
    [
        (pa.array(["a", "", "\0", "a\0b", None]), "string", [False, False, True, True, False]),
        (pa.array(["a", "b\0"]), "enum", [False, True]),
        (pa.array([FIRST_DAY - 1, FIRST_DAY, LAST_DAY, LAST_DAY + 1], pa.date32()), "date", [True, False, False, True]),
        (TIMES, "timestamp", [True, True, False, False, True, True]),
        (
            pa.array([float("nan"), float("inf"), -float("inf"), -0.0, 1e308]),
            "double",
            [True, True, True, False, False],
        ),
    ],
)
def test_what_cannot_be_stored_becomes_null_and_the_rest_stays(column: pa.Array, kind: Kind, bad: list[bool]) -> None:
    cleaned, (fault,) = sort_out(column, field(kind), "x")
    assert list(fault.mask) == bad
    kept = pa.array([not one for one in bad])
    assert cleaned.filter(kept).equals(column.filter(kept))
    assert cleaned.filter(pa.array(bad)).null_count == sum(bad)


def test_whole_numbers_of_any_size_are_stored() -> None:
    column = pa.array([2**63 - 1, -(2**63)])
    assert sort_out(column, field("long"), "x") == (column, [])


def test_decimals_are_held_to_their_digits() -> None:
    wide = pa.array([Decimal("9999.99"), Decimal("10000.00"), Decimal("-10000.00"), None], pa.decimal128(38, 2))
    cleaned, (fault,) = sort_out(wide, field("decimal", precision=6, scale=2), "amount")
    assert cleaned.to_pylist() == [Decimal("9999.99"), None, None, None]
    assert (fault.reason_en, fault.reason_vi) == ("amount has too many digits", "amount có quá nhiều chữ số")


def test_a_missing_value_is_a_fault_only_where_one_is_due() -> None:
    column = pa.array([1, None], pa.int32())
    assert sort_out(column, field("int"), "x")[1] == []
    _, (fault,) = sort_out(column, field("int", nullable=False), "x")
    assert (list(fault.mask), fault.reason_en) == ([False, True], "x has no value")


def test_a_column_without_rows_has_no_faults() -> None:
    cleaned, faults = sort_out(pa.array([], pa.string()), field("string", nullable=False), "x")
    assert (len(cleaned), faults) == (0, [])
