"""Writing Arrow columns into staging tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, Table

from consumers.lake.batches import read_file
from consumers.lake.manifest import LandedFile
from consumers.warehouse.connect import open_copy
from consumers.warehouse.landed import StagedColumns, erased_columns, rejects_columns, staged_columns, verify_counts
from consumers.warehouse.plan import StageLimits, Take
from consumers.warehouse.tables.staging import StagingTables
from infra.object_store import LakeStore
from schemas.contract import Contract

Filled = list[tuple[Table, pa.Table]]
ROW, REJECT, ERASED = "row", "reject", "erased"
Copied = Counter[tuple[int, str]]
"""Records by partition and what they are: rows, rejects of landing, or erased from the lake."""

# Below this many records a second thread costs more than it brings.
_ROWS_FOR_TWO = 20_000


def copy_takes(
    engine: Engine, store: LakeStore, contract: Contract, staging: StagingTables, takes: list[Take], limits: StageLimits
) -> Copied:
    """Decode the files of all takes and copy their rows into the load's staging tables, in `limits.workers` threads.

    Returns how many there were. Raises LakeCorrupt, FileDamaged, NotDecodable, TypeChanged; what has been copied
    until then stays.
    """
    for take in takes:
        verify_counts(take)
    files = [(take, file) for take in takes for file in take.manifest.files]
    records = sum(file.records for _, file in files)
    workers = max(1, min(limits.workers, len(files))) if records > _ROWS_FOR_TWO else 1
    with ThreadPoolExecutor(max_workers=workers, thread_name_prefix="stage") as pool:
        parts = [
            pool.submit(_copy_files, engine, store, contract, staging, files[at::workers]) for at in range(workers)
        ]
        copied = sum((part.result() for part in parts), Copied())
    return copied + _note_erased(engine, staging, takes)


def _note_erased(engine: Engine, staging: StagingTables, takes: list[Take]) -> Copied:
    """What the batches say was erased from them."""
    found = [(take.manifest.partition, erased_columns(take)) for take in takes if take.manifest.erased]
    copy_filled(engine, [(staging.erased, columns) for _, columns in found])
    return sum((Copied({(partition, ERASED): columns.num_rows}) for partition, columns in found), Copied())


def _copy_files(
    engine: Engine, store: LakeStore, contract: Contract, staging: StagingTables, files: list[tuple[Take, LandedFile]]
) -> Copied:
    """All files of one thread."""
    filled: Filled = []
    copied = Copied()
    for take, file in files:
        columns = _columns_of(read_file(store, take.manifest, file), take, file, contract, staging)
        copied[take.manifest.partition, REJECT if file.schema_id is None else ROW] += columns[0][1].num_rows
        filled += columns
    copy_filled(engine, filled)
    return copied


def copy_filled(engine: Engine, filled: Filled) -> None:
    """Append the columns to their tables, table by table, on one connection and in one transaction."""
    if not filled:
        return
    with open_copy(engine) as connection, connection.cursor() as cursor:
        for table, parts in _by_table(filled):
            _ingest(cursor, table, pa.concat_tables(parts))
        connection.commit()


def _columns_of(content: bytes, take: Take, file: LandedFile, contract: Contract, staging: StagingTables) -> Filled:
    if file.schema_id is None:
        return [(staging.rejects, rejects_columns(content, take, file))]
    return filled_by(staged_columns(content, take, file, contract), staging)


def filled_by(staged: StagedColumns, staging: StagingTables) -> Filled:
    """Each staging table of an event's records with the columns for it, the rows first."""
    children = zip(staging.children, staged.children, strict=True)
    return [(staging.rows, staged.rows), *children, (staging.verdict, staged.verdicts)]


def _by_table(filled: Filled) -> Iterable[tuple[Table, list[pa.Table]]]:
    parts: dict[Table, list[pa.Table]] = {}
    for table, columns in filled:
        if columns.num_rows:
            parts.setdefault(table, []).append(columns)
    return parts.items()


def _ingest(cursor: Any, table: Table, columns: pa.Table) -> None:
    """Appending does not look at types: the bytes of a binary COPY must be those of the table's column types."""
    cursor.adbc_ingest(table.name, columns, mode="append", db_schema_name=table.schema)
