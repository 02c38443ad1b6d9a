"""Records in the bytes of a Kafka batch (record format v2), as many at a time as there are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kafka.record.memory_records import MemoryRecordsBuilder
from kafka.record.util import encode_varint

from producers.records import Record

_FORMAT = 2
_TABLE_SIZE = 4096
_NULL = b"\1"
_NO_ATTRIBUTES = b"\0"


def varint(number: int) -> bytes:
    """A number of 64 bits as Kafka writes it."""
    out = bytearray()
    encode_varint(number, out.append)
    return bytes(out)


_SMALL = tuple(varint(number) for number in range(_TABLE_SIZE))


def _varint(number: int) -> bytes:
    return _SMALL[number] if number < _TABLE_SIZE else varint(number)


def record_body(record: Record) -> bytes:
    """Key, value and headers of a record: all but what depends on its place in a batch."""
    key, value, headers = record.key, record.value, record.headers
    pieces = [_NULL] if key is None else [_varint(len(key)), key]
    pieces += (_varint(len(value)), value, _varint(len(headers)))
    for name, content in headers:
        encoded = name.encode()
        pieces += (_varint(len(encoded)), encoded, _varint(len(content)), content)
    return b"".join(pieces)


class BulkBuilder(MemoryRecordsBuilder):  # type: ignore[misc]
    """The bytes of one batch: kafka-python's builder, which also takes many records in one call."""

    def __init__(self, compression_type: int, batch_size: int) -> None:
        super().__init__(_FORMAT, compression_type, batch_size)

    def append_many(self, bodies: Sequence[bytes], start: int, timestamp: int) -> int:
        """Append the bodies from that place on, as far as they fit; the first record of a batch always does.

        `timestamp` is theirs, in milliseconds since 1970. Gives how many were appended.
        """
        if self._closed:
            return 0
        inner = self._builder
        if inner._first_timestamp is None:
            inner._first_timestamp = inner._max_timestamp = timestamp
        head = _NO_ATTRIBUTES + varint(timestamp - inner._first_timestamp)
        before: int = self.next_offset()
        number = before
        room = self._batch_size - len(inner._buffer)
        pieces: list[bytes] = []
        for body in islice(bodies, start, None):
            place = _varint(number)
            length = len(head) + len(place) + len(body)
            size = _varint(length)
            room -= len(size) + length
            if room < 0 and number:
                break
            pieces += (size, head, place, body)
            number += 1
        if number > before:
            inner._buffer += b"".join(pieces)
            inner._max_timestamp = max(inner._max_timestamp, timestamp)
            inner._num_records, inner._last_offset = number, number - 1
            self._next_offset = number
        return number - before
