"""Avro object container files, written and read block by block without decoding a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import zstandard

from infra.errors import OperatorError
from schemas.contract import Json

MAGIC = b"Obj\x01"
SYNC_SIZE = 16
_LEVEL = 1


class ContainerBroken(OperatorError):
    """The bytes are no Avro container file of ours: the object was changed or damaged; restore it from a backup."""


@dataclass(frozen=True)
class Block:
    """`records` datums one after the other, uncompressed."""

    records: int
    payload: bytes


def container_header(schema: Json, sync: bytes, *, compressed: bool = True) -> bytes:
    """The header of a file whose blocks end with the 16 bytes of `sync`; compression is zstandard's."""
    codec = b"zstandard" if compressed else b"null"
    meta = {"avro.schema": json.dumps(schema, ensure_ascii=False).encode(), "avro.codec": codec}
    entries = b"".join(_sized(name.encode()) + _sized(value) for name, value in meta.items())
    return MAGIC + encode_long(len(meta)) + entries + encode_long(0) + sync


def container_block(records: int, payload: bytes, sync: bytes, *, compressed: bool = True) -> bytes:
    """One block; `compressed` as in the file's header."""
    packed = zstandard.ZstdCompressor(level=_LEVEL).compress(payload) if compressed else payload
    return b"".join((encode_long(records), encode_long(len(packed)), packed, sync))


def blocks_of(container: bytes) -> Iterator[Block]:
    """The blocks of a compressed file made by the two functions above; raises ContainerBroken."""
    try:
        at = _header_end(container)
        sync = container[at - SYNC_SIZE : at]
        while at < len(container):
            records, at = decode_long(container, at)
            size, at = decode_long(container, at)
            payload = zstandard.ZstdDecompressor().decompress(container[at : at + size])
            at += size + SYNC_SIZE
            if container[at - SYNC_SIZE : at] != sync:
                raise ContainerBroken("a block does not end with the sync marker")
            yield Block(records, payload)
    except (IndexError, zstandard.ZstdError) as error:
        raise ContainerBroken(f"{type(error).__name__} {error}") from error


def header_of(container: bytes) -> bytes:
    """The file's header, which ends with the sync marker of its blocks; raises ContainerBroken."""
    return container[: _header_end(container)]


def encode_long(number: int) -> bytes:
    """Avro's zigzag variable-length encoding of a long."""
    rest = number << 1 if number >= 0 else (-number << 1) - 1
    encoded = bytearray()
    while rest > 0x7F:
        encoded.append(rest & 0x7F | 0x80)
        rest >>= 7
    encoded.append(rest)
    return bytes(encoded)


def decode_long(data: bytes, at: int) -> tuple[int, int]:
    """The long encoded at `at`, and where what follows it begins; raises IndexError at the end of the data."""
    rest = shift = 0
    while True:
        byte = data[at]
        at += 1
        rest |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (rest >> 1) ^ -(rest & 1), at


def _sized(value: bytes) -> bytes:
    return encode_long(len(value)) + value


def _header_end(container: bytes) -> int:
    """Where the first block begins."""
    if not container.startswith(MAGIC):
        raise ContainerBroken("does not begin with Avro's magic bytes")
    entries, at = decode_long(container, len(MAGIC))
    for _ in range(2 * entries):
        size, at = decode_long(container, at)
        at += size
    end_of_map, at = decode_long(container, at)
    if end_of_map != 0:
        raise ContainerBroken("its header has metadata in several parts")
    return at + SYNC_SIZE
