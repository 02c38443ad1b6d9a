from __future__ import annotations

import pytest

from schemas.wire import NotFramed, frame, unframe


def test_a_framed_datum_has_a_zero_byte_and_the_id_in_network_order() -> None:
    assert frame(258, b"datum") == b"\x00\x00\x00\x01\x02datum"


@pytest.mark.parametrize(("schema_id", "datum"), [(0, b""), (1, b"\x00"), (2**31 - 1, b"x" * 1000)])
def test_unframe_gives_back_what_was_framed(schema_id: int, datum: bytes) -> None:
    assert unframe(frame(schema_id, datum)) == (schema_id, datum)


@pytest.mark.parametrize("value", [b"", b"\x00", b"\x00\x00\x00\x01", b'{"a":1}', b"\x01\x00\x00\x00\x01datum"])
def test_a_value_without_the_header_is_not_framed(value: bytes) -> None:
    with pytest.raises(NotFramed):
        unframe(value)


def test_an_id_beyond_a_signed_int_is_no_id() -> None:
    with pytest.raises(NotFramed, match="0080000000"):
        unframe(b"\x00\x80\x00\x00\x00datum")
