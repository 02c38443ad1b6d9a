"""What the lake holds of a span, into the side tables, by the code of a load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from sqlalchemy import Engine

from consumers.lake.batches import read_file
from consumers.lake.datum import datum_bytes
from consumers.warehouse.check import validated
from consumers.warehouse.copying import copy_takes
from consumers.warehouse.erasure.blocked import set_apart
from consumers.warehouse.plan import StageLimits, Take, takes_within
from consumers.warehouse.quarantine import copy_datums
from consumers.warehouse.raw_datums import Datums
from consumers.warehouse.rebuild.admission import kept_out
from consumers.warehouse.rebuild.side import Side, analyze
from consumers.warehouse.rebuild.span import Span
from consumers.warehouse.tables.core import EventTables
from consumers.warehouse.verdict import count_rows, record_verdicts
from infra.object_store import LakeStore
from schemas.contract import Contract


def copy_records(
    engine: Engine, store: LakeStore, contract: Contract, side: Side, span: Span, limits: StageLimits
) -> tuple[list[Take], Mapping[int, int]]:
    """Decode all records of the span into the side tables; the batches they came from, and records by partition.

    Raises LakeHole, LakeShort and what copy_takes raises.
    """
    takes = [
        take
        for each in span.ranges
        for take in takes_within(store, span.topic, each.partition, each.from_offset, each.next_offset)
    ]
    records: Counter[int] = Counter()
    for group in _groups(takes, limits):
        for (partition, _), count in copy_takes(engine, store, contract, side.records, group, limits).items():
            records[partition] += count
    with engine.begin() as connection:
        set_apart(connection, contract, side.records)
        analyze(connection, side.records.rows, *side.records.children)
    return takes, records


def judge_records(engine: Engine, contract: Contract, side: Side) -> None:
    """The verdicts of today's rules and reference lists; raises what `validated` and record_verdicts raise."""
    with engine.connect() as connection:
        rows = count_rows(connection, side.records.rows)
    validation = validated(engine, contract, side.records, rows)
    with engine.begin() as connection:
        for result in validation.results:
            record_verdicts(connection, side.records, result)
        analyze(connection, side.records.verdict)


def fetch_raw(
    engine: Engine, store: LakeStore, contract: Contract, side: Side, core: EventTables, takes: Sequence[Take]
) -> None:
    """The bytes of all records that may belong into the quarantine, from the lake's files."""
    offsets: dict[int, list[int]] = {}
    with engine.connect() as connection:
        for partition, offset in connection.execute(kept_out(contract, side, core)):
            offsets.setdefault(partition, []).append(offset)
    wanted = {partition: np.sort(np.array(found, dtype=np.int64)) for partition, found in offsets.items()}
    for take in takes:
        datums = _datums(store, take, wanted.get(take.manifest.partition))
        if datums:
            with engine.begin() as connection:
                copy_datums(connection, side.raw, datums)
    with engine.begin() as connection:
        analyze(connection, side.raw)


def _datums(store: LakeStore, take: Take, wanted: np.ndarray | None) -> Datums:
    if wanted is None:
        return {}
    first, last = np.searchsorted(wanted, [take.from_offset, take.next_offset])
    offsets, manifest = frozenset(wanted[first:last].tolist()), take.manifest
    datums: dict[tuple[int, int], bytes] = {}
    for file in manifest.files if offsets else ():
        if file.schema_id is not None:
            found = datum_bytes(read_file(store, manifest, file), manifest, file, offsets)
            datums |= {(manifest.partition, offset): datum for offset, datum in found.items()}
    return datums


def _groups(takes: Sequence[Take], limits: StageLimits) -> Iterator[list[Take]]:
    """As many at a time as a load would take, so that no more memory is needed."""
    group: list[Take] = []
    records = size = 0
    for take in takes:
        group.append(take)
        records, size = records + take.manifest.records, size + take.bytes
        if records >= limits.max_rows or size >= limits.max_bytes or len(group) >= limits.max_batches:
            yield group
            group, records, size = [], 0, 0
    if group:
        yield group
