"""Builds the marts from core, each in one transaction, so that a reader always sees a whole state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from sqlalchemy import Connection, Engine, func, insert, select, text

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.marts.files import MartFile, events_of, load_marts
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.marts import mart_build
from consumers.warehouse.tables.naming import MART
from schemas.catalog import load_catalog
from schemas.contract import Contract

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class MartBuilt:
    """`loads` is the last published load of each event that the mart is made from; events without one are left out."""

    name: str
    built_at: datetime
    seconds: float
    rows: int
    loads: Mapping[str, int]


def build_marts(engine: Engine, clock: Clock = now, catalog: Mapping[str, Contract] | None = None) -> list[MartBuilt]:
    """Build every mart, in the order they read each other, and note each build in `ledger.mart_build`.

    A mart that fails keeps its former content, and those after it are not built. Two calls at once wait for each other.
    Raises MartInvalid, WarehouseUnavailable.
    """
    marts = load_marts()
    by_name = {mart.name: mart for mart in marts}
    with warehouse_errors():
        with engine.begin() as connection:
            for contract in (load_catalog() if catalog is None else catalog).values():
                ensure_event_tables(connection, contract)
        return [build_mart(engine, mart, events_of(mart, by_name), clock) for mart in marts]


def build_mart(engine: Engine, mart: MartFile, events: set[str], clock: Clock) -> MartBuilt:
    """Build one mart."""
    started = perf_counter()
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{MART}.{mart.name}"))))
        connection.execute(select(func.set_config("hagiang.now", clock().isoformat(), True)))
        loads = _last_loads(connection, events)
        # The driver takes a single percent sign for a parameter, in comments too.
        connection.exec_driver_sql(mart.sql.replace("%", "%%"))
        rows = connection.execute(text(f'select count(*) from {MART}."{mart.name}"')).scalar_one()  # noqa: S608
        built = MartBuilt(mart.name, clock(), perf_counter() - started, rows, loads)
        connection.execute(insert(mart_build).values(**_entry(built)))
    log.info("Built mart %s, %d rows", built.name, built.rows, extra={"action": "build_mart", "seconds": built.seconds})
    return built


def _last_loads(connection: Connection, events: set[str]) -> dict[str, int]:
    """Read before the mart, so that whatever it names is in the mart."""
    load = ledger.load.c
    query = (
        select(load.event, func.max(load.load_id))
        .where(load.state == ledger.PUBLISHED, load.event.in_(events))
        .group_by(load.event)
    )
    return dict(connection.execute(query).all())


def _entry(built: MartBuilt) -> dict[str, object]:
    return {
        "mart": built.name,
        "built_at": built.built_at,
        "seconds": built.seconds,
        "rows": built.rows,
        "loads": dict(built.loads),
    }
