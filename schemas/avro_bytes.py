"""Avro's binary form of numbers, for those who write datums piece by piece."""

from __future__ import annotations

import struct

_DOUBLE = struct.Struct("<d")
# Milliseconds of 1970-07 to 2039-09 take six bytes; nearly every event has some, and the loop takes twice as long.
_SIX_BYTES = range(1 << 35, 1 << 42)


def long_bytes(number: int) -> bytes:
    """A whole number of 64 bits: zigzag, then seven bits a byte, the lowest first."""
    left = (number << 1) ^ (number >> 63)
    if left in _SIX_BYTES:
        return bytes(
            (
                left & 0x7F | 0x80,
                left >> 7 & 0x7F | 0x80,
                left >> 14 & 0x7F | 0x80,
                left >> 21 & 0x7F | 0x80,
                left >> 28 & 0x7F | 0x80,
                left >> 35,
            )
        )
    out = bytearray()
    while left > 0x7F:
        out.append(left & 0x7F | 0x80)
        left >>= 7
    out.append(left)
    return bytes(out)


def double_bytes(number: float) -> bytes:
    """A number of 64 bits, little-endian."""
    return _DOUBLE.pack(number)


SMALL = tuple(long_bytes(number) for number in range(1024))
"""Of small numbers, most sizes among them: looked up in a third of the time."""
