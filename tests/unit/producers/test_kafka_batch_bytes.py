"""Many records in one call become the bytes that kafka-python makes of them one by one."""

from __future__ import annotations

from kafka.record.memory_records import MemoryRecords, MemoryRecordsBuilder

from producers.kafka_batch_bytes import BulkBuilder, record_body
from producers.records import Record

NOW = 1_624_406_400_000
ODD = (
    Record("t", None, b"value"),
    Record("t", b"", b"", (("a", b""),)),
    Record("t", b"k" * 5000, b"v" * 70_000, (("Tên", b"x" * 200), ("hg-signature", bytes(32)))),
)


def record(number: int) -> Record:
    return Record("t", b"key %d" % number, b"value " * (number % 40), (("hg-client", b"a@1"), ("n", b"%d" % number)))


def one_by_one(parts: list[tuple[int, list[Record]]]) -> bytes:
    builder = MemoryRecordsBuilder(2, 0, 1 << 24)
    for timestamp, records in parts:
        for each in records:
            builder.append(timestamp, each.key, each.value, list(each.headers))
    return closed(builder)


def closed(builder: MemoryRecordsBuilder) -> bytes:
    builder.close()
    return bytes(builder.buffer())


def test_records_of_several_calls_are_written_as_kafka_python_writes_them() -> None:
    records = [record(number) for number in range(9000)]
    parts = [(NOW, records[:1]), (NOW + 5, [*records[1:5000], *ODD]), (NOW - 90_000, records[5000:])]
    builder = BulkBuilder(0, 1 << 24)
    for timestamp, some in parts:
        assert builder.append_many([record_body(each) for each in some], 0, timestamp) == len(some)
    assert closed(builder) == one_by_one(parts)


def test_a_batch_takes_no_more_than_has_room_and_at_least_one() -> None:
    bodies = [record_body(record(number)) for number in range(100)]
    builder = BulkBuilder(0, 4000)
    taken = builder.append_many(bodies, 10, NOW)
    assert 0 < taken < 90
    assert builder.append_many(bodies, 10 + taken, NOW) == 0
    assert builder.size_in_bytes() <= 4000
    theirs = MemoryRecordsBuilder(2, 0, 4000)
    while theirs.append(NOW, *record(10 + theirs.next_offset())[1:3], list(record(10 + theirs.next_offset()).headers)):
        pass
    assert theirs.next_offset() == taken
    found = MemoryRecords(closed(builder)).next_batch()
    assert [each.key for each in found] == [b"key %d" % number for number in range(10, 10 + taken)]
    assert BulkBuilder(0, 100).append_many([record_body(ODD[2])] * 2, 0, NOW) == 1


def test_a_closed_batch_takes_nothing() -> None:
    builder = BulkBuilder(0, 4000)
    builder.append_many([record_body(record(1))], 0, NOW)
    builder.close()
    assert builder.append_many([record_body(record(2))], 0, NOW) == 0
