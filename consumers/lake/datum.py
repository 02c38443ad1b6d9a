"""Raw datums of a landed file, found by their seals and not decoded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

from consumers.lake.container import Block, ContainerBroken, blocks_of
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL, Numbers

_WORD = 8
_BELOW_HIGHEST = 8 * (_WORD - 1)


def datum_bytes(container: bytes, manifest: Manifest, file: LandedFile, offsets: Collection[int]) -> dict[int, bytes]:
    """The datums of those of `offsets` that the file holds, byte for byte as the producer sent them.

    `container` is what read_file gave for `file`. The Confluent header is not part of a datum. Raises ContainerBroken.
    """
    wanted = np.fromiter(offsets, np.int64) - manifest.from_offset
    span = manifest.next_offset - manifest.from_offset
    datums: dict[int, bytes] = {}
    for block in blocks_of(container) if len(wanted) else ():
        found = _seals_in(block, file.seal_base, span)
        for number in np.flatnonzero(np.isin(found.deltas, wanted)):
            datum = block.payload[found.starts[number] + SEAL.size : found.ends[number]]
            datums[int(found.deltas[number]) + manifest.from_offset] = datum
    return datums


def sealed_datums(block: Block, seal_base: int, span: int) -> Iterator[tuple[int, int, int]]:
    """Of each datum its distance from the batch's first offset, and where its seal begins and the datum ends.

    Raises ContainerBroken.
    """
    found = _seals_in(block, seal_base, span)
    return zip(found.deltas.tolist(), found.starts.tolist(), found.ends.tolist(), strict=True)


class _Seals(NamedTuple):
    """Of each datum of a block what sealed_datums tells of it."""

    deltas: Numbers
    starts: Numbers
    ends: Numbers


def _seals_in(block: Block, seal_base: int, span: int) -> _Seals:
    """Eight bytes that lie less than `span` above a secret of 62 bits are the beginning of a seal, and nothing else."""
    payload, count = block.payload, max(0, len(block.payload) - _WORD + 1)
    highest = np.frombuffer(payload, np.uint8, count)
    first, last = seal_base >> _BELOW_HIGHEST, (seal_base + span - 1) >> _BELOW_HIGHEST
    candidates = np.flatnonzero(highest == first if first == last else (highest == first) | (highest == last))
    # The words that begin at each byte; only those of the candidates are read.
    words = np.ndarray(count, ">u8", payload, strides=(1,))[candidates]
    deltas = words.astype(np.uint64) - np.uint64(seal_base)
    near = deltas < np.uint64(span)
    starts, deltas = candidates[near], deltas[near]
    if len(starts) != block.records:
        raise ContainerBroken(f"{len(starts)} seals in a block of {block.records} records")
    return _Seals(deltas.view(np.int64), starts, np.append(starts[1:], len(payload)))
