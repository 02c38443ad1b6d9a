"""A backup from before an erasure does not bring the person back, whatever of the platform is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from consumers.lake.traces import trace_of
from consumers.warehouse.erasure.requests import all_requests, ask
from infra.backup.dumps import empty_warehouse
from infra.backup.make import make_backup
from infra.backup.restore import restore_backup
from infra.local.postgres_place import programs
from infra.object_store import LakeStore
from tests.component.backup.losses import empty_lake
from tests.component.warehouse.erasures import (
    GONE,
    NOW,
    SELLER,
    STAYS,
    approved,
    erased,
    left,
    objects_naming,
    past,
    tables_naming,
)
from tests.component.warehouse.loads import CATALOG, load
from tests.component.warehouse.replays import assert_in_order


def backed_up(engine: Engine, lake: LakeStore, folder: Path, hours: int) -> str:
    return make_backup(programs(), engine, lake, folder, NOW + timedelta(hours=hours)).name


@pytest.mark.parametrize("warehouse_is_lost", [False, True], ids=["the warehouse still tells", "a newer backup tells"])
def test_a_person_erased_after_the_backup_stays_erased(
    engine: Engine, lake: LakeStore, tmp_path: Path, *, warehouse_is_lost: bool
) -> None:
    past(engine, lake)
    old = backed_up(engine, lake, tmp_path, 0)
    done = approved(engine)
    erased(engine, lake, done)
    asked = ask(engine, "13/2026", [trace_of(STAYS)], "thu", NOW).erasure_id
    if warehouse_is_lost:
        backed_up(engine, lake, tmp_path, 1)
        empty_warehouse(engine)
    empty_lake(lake)
    found = restore_backup(programs(), engine, lake, CATALOG, tmp_path, lambda: NOW, name=old, replace=True)
    assert found.erased_again == [done]
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert load(engine, lake, SELLER).counts()["erased"] == 1
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert left(engine) == [(0, 1), (0, 8), (1, 0)]
    assert_in_order(engine, SELLER)
    # A request that waits for its approval waits on, and the next one has a number of its own.
    assert [(each.erasure_id, each.done_at is None) for each in all_requests(engine)] == [(asked, True), (done, False)]
    assert ask(engine, "14/2026", [trace_of(GONE)], "thu", NOW).erasure_id > asked


def test_a_restore_that_breaks_off_does_not_forget_an_erasure(engine: Engine, lake: LakeStore, tmp_path: Path) -> None:
    past(engine, lake)
    folder = tmp_path / "backups"
    backed_up(engine, lake, folder, 0)
    done = approved(engine)
    erased(engine, lake, done)
    empty_lake(lake)
    with pytest.raises(FileNotFoundError, match="pg_restore"):
        restore_backup(tmp_path / "no programs", engine, lake, CATALOG, folder, lambda: NOW, replace=True)
    found = restore_backup(programs(), engine, lake, CATALOG, folder, lambda: NOW)
    assert found.erased_again == [done]
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
