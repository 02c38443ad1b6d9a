"""Proof that a file's rows decode, each by itself, before the file is written (ADR 0302)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from consumers.lake.container import container_block, container_header
from consumers.lake.decode import NotDecodable, SchemaNotReadable, first_rows
from consumers.lake.seals import landed_schema, pairs_of
from consumers.landing.framing import framing_faults
from consumers.landing.sealed import BLOCK_RECORDS, SealedRows

_SYNC = bytes(16)
_DETAIL_LENGTH = 300
SEAL_MISMATCH = "its bytes do not end where its schema says"

Faults = Mapping[int, str]


@dataclass(frozen=True)
class Proven:
    """Rows that are proven together, and what is wrong with each of the others by its place.

    `places` are those of the proven rows among all, `table` is the proven rows decoded, None when there is none.
    """

    rows: SealedRows
    places: Sequence[int]
    table: pa.Table | None
    faults: Faults


def proven(rows: SealedRows) -> Proven:
    """The rows that are proven, and the others. Raises DecoderFailed."""
    faults: dict[int, str] = {}
    places: Sequence[int] = range(len(rows))
    table: pa.Table | None = None
    while len(rows) and table is None:
        table, found = _examined(rows)
        if found:
            faults |= {places[row]: fault for row, fault in found.items()}
            kept = [row for row in range(len(rows)) if row not in found]
            rows, places = rows.pick(kept), [places[row] for row in kept]
    return Proven(rows, places, table, faults)


def faulty_rows(rows: SealedRows) -> Faults:
    """The rows that do not decode by themselves, with what is wrong; whatever is between its neighbours is not blamed.

    Without faults this costs one columnar decode of all rows. Raises DecoderFailed.
    """
    return _examined(rows)[1] if len(rows) else {}


def fault_of(rows: SealedRows) -> str | None:
    """What is wrong with these rows as one run; None when each is proven to begin and end where it should.

    Raises SchemaNotReadable.
    """
    return _decoded(rows)[1]


def _examined(rows: SealedRows) -> tuple[pa.Table | None, Faults]:
    """The rows decoded, or those at fault."""
    try:
        table, fault = _decoded(rows)
    except SchemaNotReadable as error:
        return None, dict.fromkeys(range(len(rows)), str(error)[:_DETAIL_LENGTH])
    if fault is None:
        return table, {}
    faults: dict[int, str] = {}
    for number, block in enumerate(rows.blocks()):
        start = number * BLOCK_RECORDS
        faults |= {start + row: fault for row, fault in _faulty_in_block(block).items()}
    # Blocks are what is written: when each is proven by itself, their run is.
    return None if faults else pa.concat_tables([_decoded(block)[0] for block in rows.blocks()]), faults


def _decoded(rows: SealedRows) -> tuple[pa.Table | None, str | None]:
    """The rows decoded as one run, or what is wrong with it.

    The first row is repeated at the end, so that the last one's end is proven too. Raises SchemaNotReadable.
    """
    closed = rows.closed()
    header = container_header(landed_schema(rows.schema), _SYNC, compressed=False)
    block = container_block(len(closed), closed.payload(), _SYNC, compressed=False)
    try:
        table = first_rows(header + block, len(closed))
    except NotDecodable as error:
        return None, error.found[:_DETAIL_LENGTH]
    if not np.array_equal(pairs_of(table), closed.seals):
        return None, SEAL_MISMATCH
    return table.slice(0, len(rows)), None


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
