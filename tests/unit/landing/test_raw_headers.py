"""Landing takes headers as bytes: no header a writer can send stops its consumer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder

from consumers.landing.raw_headers import keep_headers_raw, parse_headers
from tests.unit.landing.signed_batches import wire


@pytest.fixture
def raw() -> Iterator[None]:
    theirs = DefaultRecordBatch.__iter__
    keep_headers_raw()
    yield
    DefaultRecordBatch.__iter__ = theirs


def fields_of(buffer: bytes) -> list[tuple[Any, ...]]:
    """All that the consumer asks of records, but for the headers."""
    return [
        (each.offset, each.timestamp, each.timestamp_type, each.key, each.value, each.size_in_bytes, each.checksum)
        for each in MemoryRecords(buffer).next_batch()
        if each.validate_crc()
    ]


def odd_batch(compression: int) -> bytes:
    """Records with and without keys and values, of all lengths, at several times."""
    builder = MemoryRecordsBuilder(magic=2, compression_type=compression, batch_size=1 << 22)
    for number in range(300):
        key = None if number % 7 == 1 else b"k" * number
        value = None if number % 5 == 1 and key is not None else b"v" * (number * 40)
        builder.append(1_624_406_400_000 + number * 1000 - 9_000, key, value, [("a", b"1")] * (number % 3))
    builder.close()
    return bytes(builder.buffer())


def records_of(headers: list[list[tuple[str, bytes]]], damage: tuple[bytes, bytes] = (b"", b"")) -> list[Any]:
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


@pytest.mark.parametrize("compression", [0, 4])
@pytest.mark.parametrize("appended_at_ms", [None, 1_700_000_000_000])
def test_all_but_the_headers_is_as_kafka_python_reads_it(compression: int, appended_at_ms: int | None) -> None:
    buffer = bytearray(odd_batch(compression))
    if appended_at_ms is not None:  # as a broker writes it: the bit of the time's kind, and the time as the latest
        buffer[22] |= DefaultRecordBatch.TIMESTAMP_TYPE_MASK
        buffer[35:43] = appended_at_ms.to_bytes(8, "big")
    theirs = fields_of(bytes(buffer))
    iterate = DefaultRecordBatch.__iter__
    keep_headers_raw()
    try:
        assert fields_of(bytes(buffer)) == theirs
    finally:
        DefaultRecordBatch.__iter__ = iterate
    assert len(theirs) == 300


def test_a_damaged_batch_is_an_error_of_kafka_python_and_no_other(raw: None) -> None:
    whole, rng = odd_batch(0), random.Random(7)
    for _ in range(300):
        at = rng.randrange(61, 2000)
        damaged = whole[:at] + bytes([rng.randrange(256)]) + whole[at + 1 :]
        with suppress(CorruptRecordError):
            fields_of(damaged)
    for length in (len(whole) - 1, len(whole) - 5000, 70):
        with pytest.raises(CorruptRecordError):
            list(DefaultRecordBatch(whole[:length]))
    with pytest.raises(CorruptRecordError, match="left"):
        list(DefaultRecordBatch(whole + b"\0"))


def test_a_record_that_would_take_bytes_of_the_next_one_is_refused(raw: None) -> None:
    with pytest.raises(CorruptRecordError, match="does not hold its key and value"):
        records_of([[]] * 9, (b"\x04k1\x02v", b"\x04k1\x14v"))


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
