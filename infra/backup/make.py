"""One backup: the warehouse first, then the lake, which therefore holds all that the warehouse has loaded."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.erasure import erasure
from infra.backup.books import WAREHOUSE, Backup, backups_in, dump_file, sha256_of, write_book
from infra.backup.dumps import dump
from infra.backup.hold import held
from infra.backup.lake_files import Kept, read_index, save_lake
from infra.object_store import LakeStore

log = logging.getLogger(__name__)

NO_OTHERS: Mapping[str, URL] = {}


def make_backup(
    programs: Path,
    engine: Engine,
    store: LakeStore,
    folder: Path,
    now: datetime,
    others: Mapping[str, URL] = NO_OTHERS,
) -> Backup:
    """A backup named by its time, beside those that the folder has; of the lake only what they lack is copied.

    `programs` holds pg_dump. `others` are databases that are dumped too, by name. Loads and landing go on
    meanwhile. Raises FolderBusy, DumpFailed, WarehouseUnavailable, the lake's errors; what is left of one that failed
    does not count as a backup.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(folder):
        return _make(programs, engine, store, folder, now, others)


def _make(
    programs: Path, engine: Engine, store: LakeStore, folder: Path, now: datetime, others: Mapping[str, URL]
) -> Backup:
    name = now.strftime("%Y%m%dT%H%M%SZ")
    (folder / name).mkdir(parents=True, mode=0o700)
    # Read before the dump: what it says of itself must not be more than it holds.
    watermarks, erasures = watermarks_of(engine), erasures_of(engine)
    databases = {WAREHOUSE: engine.url, **others}
    for database, url in databases.items():
        dump(programs, url, dump_file(folder, name, database))
    index, copied = save_lake(store, folder, name, _known(folder))
    backup = Backup(
        name=name,
        made_at=now.isoformat(timespec="seconds"),
        dumps={database: sha256_of(dump_file(folder, name, database)) for database in databases},
        dump_bytes=sum(dump_file(folder, name, database).stat().st_size for database in databases),
        watermarks=watermarks,
        objects=len(index),
        object_bytes=sum(each.size for each in index),
        copied_objects=copied,
        erasures=erasures,
    )
    write_book(folder, backup)
    found = {"action": "backup", "backup": name, "objects": len(index), "copied": copied}
    log.info("Backup %s: %d objects, %d of them new", name, len(index), copied, extra=found)
    return backup


def watermarks_of(engine: Engine) -> list[list[Any]]:
    """Up to where each partition is loaded, in order."""
    of = ledger.watermark.c
    query = select(of.topic, of.partition, of.next_offset).order_by(of.topic, of.partition)
    with warehouse_errors(), engine.connect() as connection:
        return [list(row) for row in connection.execute(query)]


def erasures_of(engine: Engine) -> list[Mapping[str, Any]]:
    """All requests, with their times as text."""
    query = select(erasure).order_by(erasure.c.erasure_id)
    with warehouse_errors(), engine.connect() as connection:
        return [
            {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
            for row in connection.execute(query).mappings()
        ]


def _known(folder: Path) -> Mapping[str, Kept]:
    """The objects of the newest backup."""
    return {kept.key: kept for backup in backups_in(folder)[-1:] for kept in read_index(folder, backup.name)}
