"""Builds the marts from core for what changed, each in one transaction, so that a reader always sees a whole state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from time import perf_counter

from sqlalchemy import Connection, Engine, func, select, text

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.marts.builds import Build, builds_since, last_build, note
from consumers.warehouse.marts.files import MartFile, events_of, load_marts
from consumers.warehouse.marts.fill import Filled, fill_changed, fill_whole
from consumers.warehouse.marts.inputs import inputs_of, loads_of, loads_since
from consumers.warehouse.marts.plan import Inputs, Plan, plan_of
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.marts import CHANGED, UNCHANGED, WHOLE
from consumers.warehouse.tables.naming import MART
from schemas.catalog import load_catalog
from schemas.contract import Contract

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

# Any number, the same for all callers: two who build at once must go one after the other.
_LOCK = 5_020_210_625


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


def build_marts(
    engine: Engine, clock: Clock = now, catalog: Mapping[str, Contract] | None = None, *, whole: bool = False
) -> list[Build]:
    """Bring every mart up to date, in the order they read each other, and note each build in `ledger.mart_build`.

    `whole` builds all of them from all of core, whatever changed: for rows that came or went without a load. A mart
    that fails keeps its former content, and those after it are not built. Two calls at once wait for each other.
    Raises MartInvalid, WarehouseUnavailable.
    """
    marts = load_marts()
    by_name = {mart.name: mart for mart in marts}
    with warehouse_errors():
        with engine.begin() as connection:
            for contract in (load_catalog() if catalog is None else catalog).values():
                ensure_event_tables(connection, contract)
        with alone(engine):
            return [build_mart(engine, mart, events_of(mart, by_name), clock, whole=whole) for mart in marts]


def build_mart(engine: Engine, mart: MartFile, events: set[str], clock: Clock, *, whole: bool) -> Build:
    """Bring one mart up to date with the marts it reads; `events` are all that it is made from.

    All is read in one snapshot: what the ledger says is published is what the mart is filled from.
    """
    with _snapshot(engine) as connection:
        build = build_in(connection, mart, events, clock, whole=whole)
    said = {"action": "build_mart", "mart": build.mart, "kind": build.kind, "seconds": build.seconds}
    log.info("Mart %s: %s, %d rows", build.mart, build.kind, build.rows, extra=said)
    return build


def build_in(connection: Connection, mart: MartFile, events: set[str], clock: Clock, *, whole: bool = False) -> Build:
    """As build_mart, in the caller's transaction, which must see one snapshot; its temporary tables live until then."""
    started = perf_counter()
    connection.execute(select(func.set_config("hagiang.now", clock().isoformat(), True)))
    last, inputs = last_build(connection, mart.name), inputs_of(connection, mart, events)
    filled = _fill(connection, mart, _plan(connection, mart, last, inputs, whole=whole), last)
    build = Build(
        mart=mart.name,
        built_at=clock(),
        seconds=perf_counter() - started,
        loads=loads_of(connection, inputs.publications),
        publications=inputs.publications,
        inputs=inputs.other,
        **vars(filled),
    )
    if build.kind != UNCHANGED or last is None or dict(build.publications) != dict(last.publications):
        note(connection, build)
    return build


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Waits for others who build. Not in a mart's own transaction: its snapshot would be older than the wait."""
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        yield


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("set local work_mem = '64MB'"))
        yield connection


def _plan(connection: Connection, mart: MartFile, last: Build | None, inputs: Inputs, *, whole: bool) -> Plan:
    is_there = connection.execute(select(func.to_regclass(f'{MART}."{mart.name}"'))).scalar_one() is not None
    if whole or last is None or not is_there:
        return Plan(WHOLE, {})
    return plan_of(mart, last, inputs, builds_since(connection, mart.after, last.build_id))


def _fill(connection: Connection, mart: MartFile, plan: Plan, last: Build | None) -> Filled:
    """Carry the plan out; filling what changed may find that nothing has."""
    if plan.kind == WHOLE or last is None:
        return fill_whole(connection, mart, last.content if last else None)
    if plan.kind == CHANGED and mart.changed is not None:
        loads = loads_since(connection, plan.since)
        if filled := fill_changed(connection, mart, mart.changed, loads, plan.days, last.rows):
            return filled
    return Filled(UNCHANGED, last.rows, frozenset(), last.content)
