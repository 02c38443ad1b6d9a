"""A warehouse that is away for a while is not the data's fault: the step may be tried again, and nothing is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from consumers.warehouse.connect import WarehouseUnavailable, engine_for, open_copy, warehouse_errors
from consumers.warehouse.publish import publish
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from infra.settings import Settings
from tests.component.warehouse.loads import DOSSIER, core_rows, load, stage_checked
from tests.databases import superuser
from tests.landed_batches import Reject, land
from tests.samples import dossier


def end_sessions(servers: Settings, engine: Engine) -> None:
    """As a restart of PostgreSQL does."""
    with superuser(servers) as connection:
        query = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
        connection.execute(query, (engine.url.database,))


@pytest.mark.parametrize("step", ["stage.planned", "stage.begun", "stage.copied"])
def test_sessions_ended_during_stage(servers: Settings, engine: Engine, lake: LakeStore, step: str) -> None:
    """Between two statements a broken connection is replaced, so that a restart may go unnoticed."""
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage(
        engine, lake, DOSSIER, "test", on_step=lambda at: end_sessions(servers, engine) if at == step else None
    )
    assert load_id is not None
    assert load(engine, lake, DOSSIER).loaded == 1


@pytest.mark.parametrize("step", ["publish.locked", "publish.loaded", "publish.quarantined", "publish.balanced"])
def test_sessions_ended_during_the_transaction(servers: Settings, engine: Engine, lake: LakeStore, step: str) -> None:
    land(lake, DOSSIER, [dossier(1), Reject("null_value")])
    load_id = stage_checked(engine, lake, DOSSIER)
    with pytest.raises(WarehouseUnavailable) as raised:
        publish(engine, lake, DOSSIER, load_id, lambda at: end_sessions(servers, engine) if at == step else None)
    assert raised.value.retriable
    assert core_rows(engine, DOSSIER) == []
    assert publish(engine, lake, DOSSIER, load_id).loaded == 1


def test_no_server_at_all(lake: LakeStore) -> None:
    nowhere = engine_for("postgresql://warehouse@127.0.0.1:1/warehouse")
    with pytest.raises(WarehouseUnavailable, match="Connection refused"):
        stage(nowhere, lake, DOSSIER, run_id="test")
    with pytest.raises(WarehouseUnavailable, match="Connection refused"), warehouse_errors(), open_copy(nowhere):
        pass


def test_a_lock_that_is_not_granted_in_time(engine: Engine) -> None:
    with engine.connect() as holder, engine.connect() as other:
        holder.execute(text("lock table ledger.load"))
        other.execute(text("set lock_timeout = '50ms'"))
        with pytest.raises(WarehouseUnavailable, match="lock timeout"), warehouse_errors():
            other.execute(text("lock table ledger.load"))


def test_a_mistake_is_not_taken_for_an_outage(engine: Engine) -> None:
    with pytest.raises(ProgrammingError), warehouse_errors(), engine.begin() as connection:
        connection.execute(text("select * from core.no_such_table"))
