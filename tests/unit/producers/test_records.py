from __future__ import annotations

import random

import pytest

from producers.records import Record, pack, unpack

RECORDS = [
    Record("government.dossier_status_changed", b"H22.1", b"\0\0\0\0\7datum", (("hg-client", b"a@1"), ("x", b""))),
    Record("t", None, b""),
    Record("t", b"", b"value", (("tên", b"\xff\0"),)),
]


@pytest.mark.parametrize("record", RECORDS)
def test_a_record_comes_out_of_its_bytes_as_it_went_in(record: Record) -> None:
    assert unpack(pack(record)) == record


@pytest.mark.parametrize("record", RECORDS)
def test_bytes_cut_anywhere_are_no_record(record: Record) -> None:
    packed = pack(record)
    for end in range(len(packed)):
        with pytest.raises(ValueError, match=r"record|bytes"):
            unpack(packed[:end])


def test_random_bytes_give_a_record_or_a_value_error() -> None:
    rng = random.Random(5)
    for _ in range(2000):
        data = rng.randbytes(rng.randrange(60))
        try:
            assert pack(unpack(data)) == data
        except ValueError:
            continue
