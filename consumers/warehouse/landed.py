"""One landed file, verified against its manifest and turned into the columns of the staging tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from consumers.lake.decode import to_arrow
from consumers.lake.manifest import LandedFile
from consumers.lake.seals import Numbers, seals_of
from consumers.warehouse.faults import Fault, verdicts
from consumers.warehouse.plan import Take
from consumers.warehouse.resolve import record_of, resolve_fields
from consumers.warehouse.storable import clipped_instants
from consumers.warehouse.unnest import Lines, of_parents, unnest
from infra.errors import OperatorError
from schemas.contract import ChildList, Contract


class LakeCorrupt(OperatorError):
    """A landed file does not hold what its manifest lists, and nothing was loaded: restore the batch from a backup."""


@dataclass(frozen=True)
class StagedColumns:
    """Rows for the staging tables; `children` in the order of the contract's lists."""

    rows: pa.Table
    children: tuple[pa.Table, ...]
    verdicts: pa.Table


def staged_columns(container: bytes, take: Take, file: LandedFile, contract: Contract) -> StagedColumns:
    """What a data file holds of the take's offsets; raises LakeCorrupt, NotDecodable, TypeChanged."""
    return columns_of(to_arrow(container), take, file, contract)


def columns_of(table: pa.Table, take: Take, file: LandedFile, contract: Contract) -> StagedColumns:
    """The decoded records of a data file as staged_columns gives them; raises LakeCorrupt, TypeChanged."""
    offsets, timestamps = seals_of(table, file.seal_base, take.manifest.from_offset)
    verify_offsets(offsets, take, file)
    taken = _taken(offsets, take)
    rows = taken.stop - taken.start
    columns = {name: table.column(name).slice(taken.start, rows).combine_chunks() for name in table.column_names}
    position = _position(take.manifest.partition, offsets[taken])
    resolved, faults = resolve_fields(columns, contract.fields, contract.schema, rows)
    children = []
    for child in contract.children:
        lines = unnest(columns.get(child.name))
        values, at_fault = _child_columns(lines, child, contract)
        faults += [of_parents(fault, lines, rows) for fault in at_fault]
        children.append(_child_table(position, resolved["event_id"], lines, values))
    writer = {
        "kafka_timestamp": clipped_instants(timestamps[taken]),
        "schema_id": pa.repeat(pa.scalar(file.schema_id, pa.int32()), rows),
    }
    verdict = verdicts(faults, take.manifest.partition, position["kafka_offset"])
    return StagedColumns(pa.table({**position, **writer, **resolved}), tuple(children), verdict)


def rejects_columns(container: bytes, take: Take, file: LandedFile) -> pa.Table:
    """What a rejects file holds of the take's offsets; raises LakeCorrupt, NotDecodable."""
    table = to_arrow(container).combine_chunks()
    offsets = table.column("offset").to_numpy()
    verify_offsets(offsets, take, file)
    taken = _taken(offsets, take)
    kept = table.slice(taken.start, taken.stop - taken.start)
    milliseconds = kept.column("kafka_timestamp").cast(pa.int64()).to_numpy()
    return pa.table(
        {
            **_position(take.manifest.partition, kept.column("offset").to_numpy()),
            "kafka_timestamp": clipped_instants(milliseconds),
            "schema_id": kept.column("schema_id").cast(pa.int32()),
            "raw": kept.column("value"),
            "reason": kept.column("reason").cast(pa.string()),
            "detail": pc.replace_substring(kept.column("detail").cast(pa.string()), "\0", "\ufffd"),
        }
    )


def erased_columns(take: Take) -> pa.Table:
    """Positions of the take's records that were erased from the lake."""
    kept = [offset for offset in take.manifest.erased if take.from_offset <= offset < take.next_offset]
    return pa.table(_position(take.manifest.partition, np.array(kept, dtype=np.int64)))


def verify_offsets(offsets: Numbers, take: Take, file: LandedFile) -> None:
    """Seals must give as many offsets as the manifest counts, rising, and within its range; raises LakeCorrupt."""
    manifest = take.manifest
    whole = (
        len(offsets) == file.records
        and bool(np.all(np.diff(offsets) > 0))
        and (not len(offsets) or manifest.from_offset <= offsets[0] <= offsets[-1] < manifest.next_offset)
    )
    if not whole:
        raise LakeCorrupt(manifest.key_of(file.name))


def verify_counts(take: Take) -> None:
    """A manifest's totals must be those of its files and what was erased from them; raises LakeCorrupt."""
    manifest = take.manifest
    records = sum(file.records for file in manifest.files)
    rejected = sum(file.records for file in manifest.files if file.schema_id is None)
    if (records + len(manifest.erased), rejected) != (manifest.records, manifest.rejected):
        raise LakeCorrupt(manifest.key)


def _taken(offsets: Numbers, take: Take) -> slice:
    """Where the take's offsets stand among those of the file."""
    first, last = np.searchsorted(offsets, [take.from_offset, take.next_offset])
    return slice(int(first), int(last))


def _position(partition: int, offsets: Numbers) -> dict[str, pa.Array]:
    return {
        "kafka_partition": pa.repeat(pa.scalar(partition, pa.int32()), len(offsets)),
        "kafka_offset": pa.array(offsets, pa.int64()),
    }


def _child_columns(lines: Lines, child: ChildList, contract: Contract) -> tuple[dict[str, pa.Array], list[Fault]]:
    record = record_of(contract, child.name)
    return resolve_fields(lines.columns, child.fields, record, len(lines.parents), path=f"{child.name}.")


def _child_table(
    position: dict[str, pa.Array], event_ids: pa.Array, lines: Lines, values: dict[str, pa.Array]
) -> pa.Table:
    of_parent = {name: column.take(lines.parents) for name, column in {**position, "event_id": event_ids}.items()}
    return pa.table({**of_parent, "line_no": lines.line_no, **values})
