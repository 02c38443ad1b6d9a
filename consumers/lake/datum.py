"""Raw datums of a landed file, found by their seals and not decoded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np

from consumers.lake.container import Block, ContainerBroken, blocks_of
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL

_WORD = 8


def datum_bytes(container: bytes, manifest: Manifest, file: LandedFile, offsets: Collection[int]) -> dict[int, bytes]:
    """The datums of those of `offsets` that the file holds, byte for byte as the producer sent them.

    `container` is what read_file gave for `file`. The Confluent header is not part of a datum. Raises ContainerBroken.
    """
    wanted = frozenset(offsets)
    span = manifest.next_offset - manifest.from_offset
    datums: dict[int, bytes] = {}
    for block in blocks_of(container) if wanted else ():
        for delta, start, end in sealed_datums(block, file.seal_base, span):
            if delta + manifest.from_offset in wanted:
                datums[delta + manifest.from_offset] = block.payload[start + SEAL.size : end]
    return datums


def sealed_datums(block: Block, seal_base: int, span: int) -> Iterator[tuple[int, int, int]]:
    """Of each datum its distance from the batch's first offset, and where its seal begins and the datum ends.

    Raises ContainerBroken.
    """
    starts = _seal_positions(block.payload, seal_base, span)
    if len(starts) != block.records:
        raise ContainerBroken(f"{len(starts)} seals in a block of {block.records} records")
    for start, end in zip(starts, [*starts[1:], len(block.payload)], strict=True):
        yield SEAL.unpack_from(block.payload, start)[0] - seal_base, start, end


def _seal_positions(payload: bytes, seal_base: int, span: int) -> list[int]:
    """Where seals begin: eight bytes that lie less than `span` above a secret of 62 bits are nothing else."""
    positions = np.concatenate([_aligned_positions(payload, seal_base, span, shift) for shift in range(_WORD)])
    positions.sort()
    return [int(position) for position in positions]


def _aligned_positions(payload: bytes, seal_base: int, span: int, shift: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    count = max(0, (len(payload) - shift) // _WORD)
    words = np.frombuffer(payload, dtype=">u8", offset=min(shift, len(payload)), count=count).astype(np.uint64)
    return np.flatnonzero(words - np.uint64(seal_base) < np.uint64(span)) * _WORD + shift
