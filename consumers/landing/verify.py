"""Proof that a file's rows decode, each by itself, before the file is written (ADR 0302)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from consumers.lake.container import container_block, container_header
from consumers.lake.decode import NotDecodable, SchemaNotReadable, first_rows
from consumers.lake.seals import landed_schema, pairs_of
from consumers.landing.framing import framing_faults
from consumers.landing.sealed import BLOCK_RECORDS, SealedRows

_SYNC = bytes(16)
_DETAIL_LENGTH = 300
SEAL_MISMATCH = "its bytes do not end where its schema says"

Faults = Mapping[int, str]


def proven(rows: SealedRows) -> tuple[SealedRows, Faults]:
    """The rows that are proven together, and what is wrong with each of the others. Raises DecoderFailed."""
    faults: dict[int, str] = {}
    places: Sequence[int] = range(len(rows))
    while found := faulty_rows(rows):
        faults |= {places[row]: fault for row, fault in found.items()}
        kept = [row for row in range(len(rows)) if row not in found]
        rows, places = rows.pick(kept), [places[row] for row in kept]
    return rows, faults


def faulty_rows(rows: SealedRows) -> Faults:
    """The rows that do not decode by themselves, with what is wrong; whatever is between its neighbours is not blamed.

    Without faults this costs one columnar decode of all rows. Raises DecoderFailed.
    """
    try:
        if not len(rows) or fault_of(rows) is None:
            return {}
    except SchemaNotReadable as error:
        return dict.fromkeys(range(len(rows)), str(error)[:_DETAIL_LENGTH])
    faults: dict[int, str] = {}
    for number, block in enumerate(rows.blocks()):
        start = number * BLOCK_RECORDS
        faults |= {start + row: fault for row, fault in _faulty_in_block(block).items()}
    return faults


def fault_of(rows: SealedRows) -> str | None:
    """What is wrong with these rows as one run; None when each is proven to begin and end where it should.

    The first row is repeated at the end, so that the last one's end is proven too. Raises SchemaNotReadable.
    """
    closed = rows.closed()
    header = container_header(landed_schema(rows.schema), _SYNC, compressed=False)
    block = container_block(len(closed), closed.payload(), _SYNC, compressed=False)
    try:
        found = pairs_of(first_rows(header + block, len(closed)))
    except NotDecodable as error:
        return error.found[:_DETAIL_LENGTH]
    return None if np.array_equal(found, closed.seals) else SEAL_MISMATCH


def _faulty_in_block(block: SealedRows) -> Faults:
    if fault_of(block) is None:
        return {}
    faults = framing_faults(block.schema, block.datums)
    rest = [row for row in range(len(block)) if row not in faults]
    return {**faults, **_bisect(block, rest)}


def _bisect(block: SealedRows, rows: Sequence[int]) -> Faults:
    """The rows that fail by themselves, found by halving whatever fails together."""
    fault = fault_of(block.pick(rows)) if rows else None
    if fault is None:
        return {}
    if len(rows) == 1:
        return {rows[0]: fault}
    middle = len(rows) // 2
    return {**_bisect(block, rows[:middle]), **_bisect(block, rows[middle:])}
