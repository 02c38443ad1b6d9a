"""Builds the marts from core for what changed, each in one transaction, so that a reader always sees a whole state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from time import perf_counter

from sqlalchemy import Connection, Engine, func, select, text

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.marts.builds import Build, builds_since, last_build, note
from consumers.warehouse.marts.files import MartFile, events_of, load_marts
from consumers.warehouse.marts.fill import Filled, content_of, fill_changed, fill_whole
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
        with _alone(engine):
            return [build_mart(engine, mart, events_of(mart, by_name), clock, whole=whole) for mart in marts]


def build_mart(engine: Engine, mart: MartFile, events: set[str], clock: Clock, *, whole: bool) -> Build:
    """Bring one mart up to date with the marts it reads; `events` are all that it is made from.

    All is read in one snapshot: what the ledger says is published is what the mart is filled from.
    """
    started = perf_counter()
    with _snapshot(engine) as connection:
        connection.execute(select(func.set_config("hagiang.now", clock().isoformat(), True)))
        last = last_build(connection, mart.name)
        inputs = inputs_of(connection, mart, events)
        plan = Plan(WHOLE, {}) if whole else _plan(connection, mart, last, inputs)
        build = _carry_out(connection, mart, plan, last, inputs)
        build = replace(build, built_at=clock(), seconds=perf_counter() - started)
        if build.kind != UNCHANGED or last is None or dict(build.publications) != dict(last.publications):
            note(connection, build)
    said = {"action": "build_mart", "mart": build.mart, "kind": build.kind, "seconds": build.seconds}
    log.info("Mart %s: %s, %d rows", build.mart, build.kind, build.rows, extra=said)
    return build


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Waits for others who build. Not in a mart's own transaction: its snapshot would be older than the wait."""
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        yield


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        connection.execute(text("set local work_mem = '64MB'"))
        yield connection


def _plan(connection: Connection, mart: MartFile, last: Build | None, inputs: Inputs) -> Plan:
    is_there = connection.execute(select(func.to_regclass(f'{MART}."{mart.name}"'))).scalar_one() is not None
    if last is None or not is_there:
        return plan_of(mart, None, inputs, [])
    return plan_of(mart, last, inputs, builds_since(connection, mart.after, last.build_id))


def _carry_out(connection: Connection, mart: MartFile, plan: Plan, last: Build | None, inputs: Inputs) -> Build:
    filled, kind = None, plan.kind
    if kind == CHANGED and mart.changed is not None and last is not None:
        loads = loads_since(connection, plan.since)
        filled = fill_changed(connection, mart, mart.changed, loads, plan.days, last.rows)
        kind = UNCHANGED if filled is None else CHANGED
    elif kind == WHOLE:
        filled = fill_whole(connection, mart)
    return _built(connection, mart, kind, filled, last, inputs)


def _built(
    connection: Connection, mart: MartFile, kind: str, filled: Filled | None, last: Build | None, inputs: Inputs
) -> Build:
    """The build as it is noted; a whole one that gave the same rows as the last says that no day has changed."""
    rows, days = (last.rows if last else 0, frozenset()) if filled is None else (filled.rows, filled.days)
    content = content_of(connection, mart, rows) if kind == WHOLE else None
    if kind == UNCHANGED and last:
        content = last.content
    if kind == WHOLE and last and content is not None and content == last.content:
        days = frozenset()
    loads = loads_of(connection, inputs.publications)
    unset = datetime.min.replace(tzinfo=UTC)
    return Build(mart.name, unset, 0.0, rows, loads, kind, days, inputs.publications, inputs.other, content)
