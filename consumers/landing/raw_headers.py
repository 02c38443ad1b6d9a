"""Record headers as bytes, taken from Kafka without reading them.

kafka-python decodes every header of every record, at a third of the speed of reading, and its consumer stops for good
at a header whose name is not UTF-8, which any writer can send (ADR 0604). So landing has records keep their headers as
they stand on the wire, and reads only those it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kafka.errors import CorruptRecordError
from kafka.record.default_records import DefaultRecordBatch
from kafka.record.util import decode_varint

Headers = dict[bytes, bytes | None]

_ATTRIBUTES = 1  # byte of a record, of which nothing is used


class RawHeaders(bytes):
    """A record's headers as on the wire; false, since the consumer adds up the sizes of headers that are true.

    Other consumers of the process, which expect names and values, get them by going through it.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[tuple[str, bytes | None]]:  # type: ignore[override]
        """Name and value of each header, as kafka-python gives them."""
        for name, value in (parse_headers(self) or {}).items():
            yield name.decode(errors="replace"), value

    def __bool__(self) -> bool:
        return False


def keep_headers_raw() -> None:
    """Have this process's consumers leave headers as bytes; harmless when done again."""
    DefaultRecordBatch.__iter__ = _records_of


def parse_headers(raw: bytes) -> Headers | None:
    """The headers by name, the last of each name; None when the bytes are no headers."""
    headers: Headers = {}
    try:
        count, at = decode_varint(raw, 0)
        for _ in range(count):
            name, at = _sized(raw, at)
            headers[name or b""], at = _sized(raw, at)
    except (IndexError, ValueError):
        return None
    return headers if at == len(raw) else None


def _sized(raw: bytes, at: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(raw, at)
    if size < 0:
        return None, at
    return raw[at : at + size], at + size


class _RawRecord(NamedTuple):
    """What kafka-python's consumer asks of a record; attributes of a tuple are read quicker than its properties."""

    size_in_bytes: int
    offset: int
    timestamp: int
    timestamp_type: int
    key: bytes | None
    value: bytes | None
    headers: RawHeaders

    @property
    def checksum(self) -> None:
        """The batch has one, records have none."""

    def validate_crc(self) -> bool:
        """The batch's was looked at before."""
        return True


def _records_of(batch: Any) -> Iterator[_RawRecord]:
    """DefaultRecordBatch.__iter__ of kafka-python 3.0, but for the headers; what is the batch's is read once for it."""
    batch._maybe_uncompress()
    data, at = bytes(batch._buffer), batch._pos
    kind, base_offset, first_timestamp = batch.timestamp_type, batch.base_offset, batch.first_timestamp
    appended_at = batch.max_timestamp if kind == batch.LOG_APPEND_TIME else None
    try:
        for _ in range(batch._num_records):
            length, start = decode_varint(data, at)
            end = start + length
            delta, at = decode_varint(data, start + _ATTRIBUTES)
            offset_delta, at = decode_varint(data, at)
            key, at = _sized(data, at)
            value, at = _sized(data, at)
            if not at < end <= len(data):
                raise CorruptRecordError(f"a record of {length} bytes does not hold its key and value")
            timestamp = first_timestamp + delta if appended_at is None else appended_at
            headers = RawHeaders(data[at:end])
            yield _RawRecord(length, base_offset + offset_delta, timestamp, kind, key, value, headers)
            at = end
    except (ValueError, IndexError) as error:
        raise CorruptRecordError(f"no record: {error!r}") from error
    if at != len(data):
        raise CorruptRecordError(f"{len(data) - at} bytes are left after all records")
