"""One encoded event on its way to Kafka, and its form in a file of the spool."""

from __future__ import annotations

import struct
from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]

_HEAD = struct.Struct(">HiHI")  # lengths of topic and key (-1: none), number of headers, length of the value
_HEADER = struct.Struct(">HI")


class Record(NamedTuple):
    """A Kafka record; `event_id` is what the caller is told, Kafka has it inside the value alone."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers = ()
    event_id: str = ""


def pack(record: Record) -> bytes:
    """The record as bytes; `event_id` is left out, since the value holds it."""
    topic, key = record.topic.encode(), record.key or b""
    head = _HEAD.pack(len(topic), -1 if record.key is None else len(key), len(record.headers), len(record.value))
    return b"".join((head, topic, key, *_packed_headers(record.headers), record.value))


def unpack(data: bytes) -> Record:
    """What `pack` was given; raises ValueError for bytes that it did not make."""
    try:
        return _unpack(data)
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"no packed record: {error}") from error


def _packed_headers(headers: Headers) -> list[bytes]:
    packed = []
    for name, value in headers:
        encoded = name.encode()
        packed += [_HEADER.pack(len(encoded), len(value)), encoded, value]
    return packed


def _unpack(data: bytes) -> Record:
    topic_length, key_length, header_count, value_length = _HEAD.unpack_from(data)
    at = _HEAD.size + topic_length
    topic = data[_HEAD.size : at].decode()
    key = None if key_length < 0 else data[at : at + key_length]
    at += max(key_length, 0)
    headers = []
    for _ in range(header_count):
        name_length, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        headers.append((data[at : at + name_length].decode(), data[at + name_length : at + name_length + length]))
        at += name_length + length
    if len(data) != at + value_length:
        raise ValueError(f"{len(data)} bytes where {at + value_length} are told")
    return Record(topic, key, data[at:], tuple(headers))
