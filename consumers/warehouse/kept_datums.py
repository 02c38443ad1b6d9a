"""Kept records of the quarantine, decoded into the columns of the staging tables as landed files are.

The bytes are put into Avro containers in memory, each datum behind a seal as in a landed file, so that the code of
`stage` turns them into columns, and bytes that are not what their schema says are found before anything is staged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np
import pyarrow as pa

from consumers.lake.container import SYNC_SIZE, container_block, container_header
from consumers.lake.decode import NotDecodable, first_rows
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL, fresh_seal_base, landed_schema, pairs_of, seal_bytes, seal_pairs
from consumers.warehouse.landed import StagedColumns, columns_of
from consumers.warehouse.plan import Take
from consumers.warehouse.replay_choice import Datum
from infra.errors import OperatorError
from schemas.contract import Contract, Json

SchemaOf = Callable[[int], Json]
"""The writer schema of an id, as the registry has it."""

_SYNC = bytes(SYNC_SIZE)
_PER_CONTAINER = 20_000
_KIND = attrgetter("schema_id", "partition")


class KeptBytesDamaged(OperatorError):
    """Bytes in the quarantine do not decode with the schema of their id, as they did when they were landed.

    Either the registry lost its schemas and gave the id to another one, or `quarantine.event.raw` was changed: restore
    it. Nothing was replayed.
    """


def kept_columns(datums: Iterable[Datum], contract: Contract, schema_of: SchemaOf) -> Iterator[StagedColumns]:
    """The records of each writer schema and partition, in parts; raises KeptBytesDamaged and what `schema_of` does."""
    in_order = sorted(datums, key=attrgetter("schema_id", "partition", "offset"))
    for (schema_id, _), group in groupby(in_order, key=_KIND):
        alike = list(group)
        for start in range(0, len(alike), _PER_CONTAINER):
            yield _columns(alike[start : start + _PER_CONTAINER], contract, schema_of(schema_id))


def _columns(datums: Sequence[Datum], contract: Contract, schema: Json) -> StagedColumns:
    """`datums` have one schema and one partition, in order of their offsets."""
    file, take = _as_landed(datums, contract.topic)
    offsets = np.array([datum.offset for datum in datums], dtype=np.int64)
    timestamps = np.array([datum.timestamp for datum in datums], dtype=np.int64)
    seals = seal_pairs(offsets, timestamps, file.seal_base, take.from_offset)
    # The first one again at the end, so that a last one with bytes beyond its end is found as well.
    sealed = _sealed([*datums, datums[0]], seal_bytes(np.concatenate([seals, seals[:1]])))
    header = container_header(landed_schema(schema), _SYNC, compressed=False)
    block = container_block(len(datums) + 1, sealed, _SYNC, compressed=False)
    table = _decoded(header + block, datums).slice(0, len(datums))
    _refuse_damaged(table, seals, datums)
    return columns_of(table, take, file, contract)


def _as_landed(datums: Sequence[Datum], topic: str) -> tuple[LandedFile, Take]:
    """What a batch with these records alone would say of itself."""
    file = LandedFile("kept", datums[0].schema_id, len(datums), 0, "", fresh_seal_base())
    manifest = Manifest(
        topic=topic,
        partition=datums[0].partition,
        from_offset=datums[0].offset,
        next_offset=datums[-1].offset + 1,
        records=len(datums),
        rejected=0,
        files=(file,),
        first_timestamp=None,
        last_timestamp=None,
        created_at="",
        writer="replay",
    )
    return file, Take(manifest, manifest.from_offset)


def _sealed(datums: Sequence[Datum], seals: bytes) -> bytes:
    size = SEAL.size
    return b"".join(part for at, datum in enumerate(datums) for part in (seals[at * size : (at + 1) * size], datum.raw))


def _decoded(container: bytes, datums: Sequence[Datum]) -> pa.Table:
    try:
        return first_rows(container, len(datums) + 1)
    except NotDecodable as error:
        raise KeptBytesDamaged(f"{_span(datums)}: {error.found}") from error


def _refuse_damaged(table: pa.Table, seals: np.ndarray, datums: Sequence[Datum]) -> None:
    if not np.array_equal(pairs_of(table), seals):
        raise KeptBytesDamaged(f"{_span(datums)}: a record does not end where its schema says")


def _span(datums: Sequence[Datum]) -> str:
    first, last = datums[0], datums[-1]
    return f"schema {first.schema_id}, partition {first.partition}, offsets {first.offset} to {last.offset}"
