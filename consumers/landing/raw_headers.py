"""Record headers as bytes, taken from Kafka without reading them.

kafka-python decodes every header of every record, at a third of the speed of reading, and its consumer stops for good
at a header whose name is not UTF-8, which any writer can send (ADR 0604). So landing has records keep their headers as
they stand on the wire, and reads only those it needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kafka.errors import CorruptRecordError
from kafka.record.default_records import ControlRecord, DefaultRecord, DefaultRecordBatch
from kafka.record.util import decode_varint

Headers = dict[bytes, bytes | None]


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
    DefaultRecordBatch._read_msg = _read_record


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


def _read_record(batch: Any) -> Any:
    """DefaultRecordBatch._read_msg of kafka-python 3.0, but for the headers."""
    buffer = batch._buffer
    length, start = decode_varint(buffer, batch._pos)
    end = start + length
    _, at = decode_varint(buffer, start)
    delta, at = decode_varint(buffer, at)
    appended = batch.timestamp_type == batch.LOG_APPEND_TIME
    timestamp = batch.max_timestamp if appended else batch.first_timestamp + delta
    offset_delta, at = decode_varint(buffer, at)
    size, at = decode_varint(buffer, at)
    key, at = (None, at) if size < 0 else (bytes(buffer[at : at + size]), at + size)
    size, at = decode_varint(buffer, at)
    value, at = (None, at) if size < 0 else (bytes(buffer[at : at + size]), at + size)
    if not at < end <= len(buffer):
        raise CorruptRecordError(f"a record of {length} bytes does not hold its key and value")
    batch._pos = end
    kind = ControlRecord if batch.is_control_batch else DefaultRecord
    headers = RawHeaders(buffer[at:end])
    return kind(length, batch.base_offset + offset_delta, timestamp, batch.timestamp_type, key, value, headers)
