"""The way back: lake, warehouse, and every erasure since the backup once more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, func, insert, inspect, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.erasure.run import run
from consumers.warehouse.migrate import migrate
from consumers.warehouse.tables.erasure import erasure
from consumers.warehouse.tables.naming import LEDGER
from infra.backup.books import (
    WAREHOUSE,
    Backup,
    BackupDamaged,
    backup_named,
    backups_in,
    dump_file,
    furthest,
    keep_erasures,
    kept_erasures,
    sha256_of,
)
from infra.backup.dumps import restore_over, restore_warehouse
from infra.backup.hold import held
from infra.backup.lake_files import check_files, put_back, read_index
from infra.backup.make import NO_OTHERS, erasures_of, watermarks_of
from infra.errors import OperatorError
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)


class WarehouseIsNewer(OperatorError):
    """The warehouse holds more than the backup: restoring takes that away, until it is loaded from the lake again.

    Say `--replace` when that is meant.
    """


@dataclass(frozen=True)
class Restored:
    """`objects_put` were lacking in the lake; `erased_again` are requests that were carried out once more."""

    name: str
    objects_put: int
    watermarks: Sequence[Sequence[Any]]
    erased_again: Sequence[int]


def restore_backup(
    programs: Path,
    engine: Engine,
    store: LakeStore,
    catalog: Mapping[str, Contract],
    folder: Path,
    clock: Callable[[], datetime],
    *,
    name: str | None = None,
    replace: bool = False,
    others: Mapping[str, URL] = NO_OTHERS,
) -> Restored:
    """Make lake and warehouse what the backup (the newest, unless `name` says another) knows; may be called again.

    Nothing of the lake is removed or overwritten: what has landed since is loaded again from there. Requests to
    erase a person that this warehouse, or a newer backup, knows to have begun are carried out before anything else
    is loaded. `others` are databases that are restored too, as far as the backup has them. Landing, loads and the
    registry must stand still meanwhile. Raises BackupMissing, FolderBusy and BackupDamaged with nothing
    changed, WarehouseIsNewer, RestoreFailed, what erasures raise, the lake's errors, WarehouseUnavailable.
    """
    backup = backup_named(folder, name)
    with held(folder):
        index = list(read_index(folder, backup.name))
        dumps = {database: dump_file(folder, backup.name, database) for database in backup.dumps}
        for database, dump in dumps.items():
            if sha256_of(dump) != backup.dumps[database]:
                raise BackupDamaged(str(dump))
        check_files(folder, index)
        known = _erasures_known(engine, folder)
        if not replace:
            _refuse_to_take_away(engine, backup)
        store.make_bucket()
        put = put_back(store, folder, index)
        # Only the warehouse may know of them, and it is emptied now: who dies in between must not forget them.
        keep_erasures(folder, list(known.values()))
        restore_warehouse(programs, engine, dumps[WAREHOUSE])
        for database in others.keys() & dumps.keys():
            restore_over(programs, others[database], dumps[database])
        migrate(engine)
        again = _erase_again(engine, store, catalog, known, clock)
        found = {"action": "restore", "backup": backup.name, "objects": put, "erased_again": again}
        log.info("Restored %s", backup.name, extra=found)
        return Restored(backup.name, put, watermarks_of(engine), again)


def _erasures_known(engine: Engine, folder: Path) -> dict[int, Mapping[str, Any]]:
    """Of the warehouse as it is, where it still can tell, of a restore that broke off, and of all backups."""
    own = erasures_of(engine) if _has_ledger(engine) else []
    return furthest(own, kept_erasures(folder), *(backup.erasures for backup in backups_in(folder)))


def _refuse_to_take_away(engine: Engine, backup: Backup) -> None:
    if not _has_ledger(engine):
        return
    kept = {(topic, partition): offset for topic, partition, offset in backup.watermarks}
    for topic, partition, offset in watermarks_of(engine):
        if offset > kept.get((topic, partition), 0):
            had = kept.get((topic, partition), 0)
            raise WarehouseIsNewer(f"{topic}/{partition} is loaded up to {offset}, the backup has {had}")


def _has_ledger(engine: Engine) -> bool:
    with warehouse_errors(), engine.connect() as connection:
        return inspect(connection).has_table("erasure", schema=LEDGER)


def _erase_again(
    engine: Engine,
    store: LakeStore,
    catalog: Mapping[str, Contract],
    known: Mapping[int, Mapping[str, Any]],
    clock: Callable[[], datetime],
) -> list[int]:
    """Every request that has begun: also of one that the warehouse calls done the lake may have got something back."""
    _put_on_record(engine, known.values())
    begun = sorted(number for number, request in known.items() if request["started_at"])
    for number in begun:
        run(engine, store, catalog, number, clock)
    return begun


def _begun(request: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in ("done_at", "report")}


def _put_on_record(engine: Engine, requests: Iterable[Mapping[str, Any]]) -> None:
    """As requests that are not done, unless the ledger has them."""
    with warehouse_errors(), engine.begin() as connection:
        there = set(connection.execute(select(erasure.c.erasure_id)).scalars())
        lacking = [_begun(each) for each in requests if each["erasure_id"] not in there]
        if lacking:
            connection.execute(insert(erasure), lacking)
            numbers = func.pg_get_serial_sequence(erasure.fullname, erasure.c.erasure_id.name)
            connection.execute(select(func.setval(numbers, select(func.max(erasure.c.erasure_id)).scalar_subquery())))
