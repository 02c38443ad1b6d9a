"""PostgreSQL's disk is full: the step is tried again, nothing is half written, and nobody's row is to blame."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from psycopg import sql
from sqlalchemy import Engine

from consumers.warehouse.connect import WarehouseUnavailable
from consumers.warehouse.publish import publish
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from infra.settings import Settings
from tests.component.warehouse.loads import (
    DOSSIER,
    contents,
    core_rows,
    load,
    quarantined,
    stage_checked,
    staging_names,
)
from tests.databases import own_database, superuser
from tests.landed_batches import land
from tests.samples import dossier
from tests.small_disk import SmallDisk, small_disk

COUNT = 2_000


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    user = (os.environ.get("HAGIANG_POSTGRES_USER") or "nobody") if os.geteuid() == 0 else None
    with small_disk("48m", user) as disk:
        yield disk


@pytest.fixture
def engine(servers: Settings, migrated: str, disk: SmallDisk) -> Iterator[Engine]:
    """A migrated database all of whose tables are on the small disk."""
    with superuser(servers) as connection:
        name = sql.Identifier(f"small_{os.getpid()}")
        made = sql.SQL("create tablespace {} location {}").format(name, sql.Literal(str(disk.folder)))
        connection.execute(made)
        try:
            with own_database(servers, template=migrated) as engine:
                engine.dispose()
                moved = sql.SQL("alter database {} set tablespace {}")
                connection.execute(moved.format(sql.Identifier(str(engine.url.database)), name))
                yield engine
        finally:
            connection.execute(sql.SQL("drop tablespace {}").format(name))


def test_stage_waits_for_room(engine: Engine, lake: LakeStore, disk: SmallDisk) -> None:
    land(lake, DOSSIER, [dossier(number) for number in range(COUNT)])
    disk.fill()
    for _ in range(2):
        with pytest.raises(WarehouseUnavailable, match="No space left on device") as raised:
            stage(engine, lake, DOSSIER, run_id="test")
        assert raised.value.retriable
    disk.free()
    assert load(engine, lake, DOSSIER).loaded == COUNT
    assert staging_names(engine) == []


def test_publish_waits_for_room(engine: Engine, lake: LakeStore, disk: SmallDisk) -> None:
    land(lake, DOSSIER, [dossier(number) for number in range(COUNT)])
    load_id = stage_checked(engine, lake, DOSSIER)
    before = contents(engine)
    disk.fill()
    with pytest.raises(WarehouseUnavailable, match="No space left on device"):
        publish(engine, lake, DOSSIER, load_id)
    assert contents(engine) == before
    disk.free()
    assert publish(engine, lake, DOSSIER, load_id).loaded == COUNT
    assert len(core_rows(engine, DOSSIER)) == COUNT
    assert quarantined(engine) == []
