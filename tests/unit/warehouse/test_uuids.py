"""UUIDs in the forms Avro may carry them."""

from __future__ import annotations

from uuid import UUID

import pyarrow as pa

from consumers.warehouse.uuids import uuid_bytes

ONE = UUID("0190a0a0-0000-7000-8000-00000000abcd")


def test_bytes_stay_as_they_are() -> None:
    assert uuid_bytes(pa.array([ONE.bytes, None], pa.binary(16))).to_pylist() == [ONE.bytes, None]


def test_text_is_read_with_or_without_hyphens_in_any_case() -> None:
    column = pa.array([str(ONE), ONE.hex, str(ONE).upper(), None])
    assert uuid_bytes(column).to_pylist() == [ONE.bytes] * 3 + [None]


def test_text_that_is_no_uuid_becomes_null_and_its_neighbours_do_not() -> None:
    column = pa.array(["", str(ONE)[:-1], str(ONE), f"{ONE}0", "zzz", f"{ONE}\n"])
    assert uuid_bytes(column).to_pylist() == [None, None, ONE.bytes, None, None, None]


def test_a_column_without_any_uuid() -> None:
    assert uuid_bytes(pa.array([None, "x"], pa.string())).to_pylist() == [None, None]
    assert uuid_bytes(pa.array([], pa.string())).to_pylist() == []
