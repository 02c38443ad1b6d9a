"""Landing takes headers as bytes: no header a writer can send stops its consumer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder

from consumers.landing.raw_headers import keep_headers_raw, parse_headers
from tests.unit.landing.signed_batches import wire


@pytest.fixture
def raw() -> Iterator[None]:
    theirs = DefaultRecordBatch._read_msg
    keep_headers_raw()
    yield
    DefaultRecordBatch._read_msg = theirs


def records_of(headers: list[list[tuple[str, bytes]]], damage: tuple[bytes, bytes] = (b"", b"")) -> list[object]:
    builder = MemoryRecordsBuilder(magic=2, compression_type=0, batch_size=1 << 20)
    for number, each in enumerate(headers):
        builder.append(timestamp=number, key=b"k%d" % number, value=b"v" * number, headers=each)
    builder.close()
    buffer = bytes(builder.buffer()).replace(*damage) if damage[0] else bytes(builder.buffer())
    return list(MemoryRecords(buffer).next_batch())


def test_records_come_as_without_it_but_for_their_headers(raw: None) -> None:
    headers = [[], [("a", b"1")], [("hg-client", b"a@1"), ("hg-signature", bytes(32))]]
    records = records_of(headers)
    assert [(record.key, record.value, record.timestamp) for record in records] == [
        (b"k0", b"", 0),
        (b"k1", b"v", 1),
        (b"k2", b"vv", 2),
    ]
    assert [bytes(record.headers) for record in records] == [wire(each) for each in headers]


def test_another_consumer_of_the_process_still_gets_names_and_values(raw: None) -> None:
    headers = [[("hg-client", b"a@1"), ("hg-raw", b"raw/1")]]
    (record,) = records_of(headers)
    assert dict(record.headers) == {"hg-client": b"a@1", "hg-raw": b"raw/1"}


def test_a_header_whose_name_is_no_text_stops_kafka_python_and_not_landing(raw: None) -> None:
    headers = [[("name", b"1")], [("fine", b"2")]]
    records = records_of(headers, (b"name", b"\xff\xfe\xfd\xfc"))
    assert [record.value for record in records] == [b"", b"v"]


def test_without_it_such_a_header_would_stop_the_consumer() -> None:
    with pytest.raises(CorruptRecordError):
        records_of([[("name", b"1")]], (b"name", b"\xff\xfe\xfd\xfc"))


def test_headers_are_parsed_by_name_and_the_last_of_a_name_counts() -> None:
    assert parse_headers(wire([("a", b"1"), ("b", None), ("a", b"2")])) == {b"a": b"2", b"b": None}


@pytest.mark.parametrize("broken", [b"", b"\x02", b"\x02\x04a", b"\x00\x00", b"\x80" * 12])
def test_what_is_no_headers_is_none(broken: bytes) -> None:
    assert parse_headers(broken) is None


def test_headers_cut_anywhere_are_none() -> None:
    whole = wire([("hg-client", b"a@1"), ("hg-signature", bytes(32))])
    assert [cut for cut in range(len(whole)) if parse_headers(whole[:cut]) is not None] == []
