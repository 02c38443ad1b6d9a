"""Datums joined behind their seals: the rows of a landed file, which are never decoded one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from consumers.lake.container import container_block, container_header
from consumers.lake.seals import SEAL, Pairs, landed_schema, seal_bytes
from schemas.contract import Json

BLOCK_RECORDS = 5_000


@dataclass(frozen=True)
class SealedRows:
    """Datums of one writer schema, each with its seal; both in the same order."""

    schema: Json
    seals: Pairs
    datums: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.datums)

    def pick(self, rows: Sequence[int]) -> SealedRows:
        """Some of the rows."""
        return SealedRows(self.schema, self.seals[rows], [self.datums[row] for row in rows])

    def closed(self) -> SealedRows:
        """The rows with the first of them once more at the end."""
        return SealedRows(self.schema, np.concatenate((self.seals, self.seals[:1])), [*self.datums, self.datums[0]])

    def blocks(self) -> Iterator[SealedRows]:
        """The rows in parts of a block's size."""
        for start in range(0, len(self), BLOCK_RECORDS):
            end = start + BLOCK_RECORDS
            yield SealedRows(self.schema, self.seals[start:end], self.datums[start:end])

    def payload(self) -> bytes:
        """Seal, datum, seal, datum ..."""
        seals = seal_bytes(self.seals)
        pieces: list[bytes] = [b""] * (2 * len(self))
        pieces[0::2] = [seals[at : at + SEAL.size] for at in range(0, len(seals), SEAL.size)]
        pieces[1::2] = self.datums
        return b"".join(pieces)


def landed_container(rows: SealedRows, sync: bytes) -> bytes:
    """The rows as a container file."""
    parts = [container_header(landed_schema(rows.schema), sync)]
    parts += [container_block(len(block), block.payload(), sync) for block in rows.blocks()]
    return b"".join(parts)
