"""Frames: how a record stands in a file of the spool. Length and CRC-32 of the record, then the record."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_HEAD = struct.Struct(">II")
OVERHEAD = _HEAD.size


def framed(payload: bytes) -> bytes:
    """The frame of a record, which has at least one byte: a run of zeros, as power cuts leave them, is no frame."""
    if not payload:
        raise ValueError("an empty record cannot be told from zeros")
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def frames_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each whole, undamaged frame from the start on: where it ends, and its record. Ends before the first other."""
    at = 0
    while at + OVERHEAD <= len(data):
        length, checksum = _HEAD.unpack_from(data, at)
        payload = data[at + OVERHEAD : at + OVERHEAD + length]
        if length == 0 or len(payload) != length or zlib.crc32(payload) != checksum:
            return
        at += OVERHEAD + length
        yield at, payload


def frame_size(data: bytes) -> int | None:
    """How many bytes the first frame says it takes; None when not even its head is whole."""
    return OVERHEAD + int(_HEAD.unpack_from(data)[0]) if len(data) >= OVERHEAD else None
