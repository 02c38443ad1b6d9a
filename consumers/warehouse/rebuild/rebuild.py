"""Rebuilds an event's core tables and its part of the quarantine from the lake, and compares; see ../README.md."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, func, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.plan import StageLimits
from consumers.warehouse.rebuild import books
from consumers.warehouse.rebuild.compare import Comparison, compare
from consumers.warehouse.rebuild.refill import copy_records, fetch_raw, judge_records
from consumers.warehouse.rebuild.side import Side, drop_dead_sides, drop_side, make_side, side_tables
from consumers.warehouse.rebuild.span import Loads, Span, span_of
from consumers.warehouse.rebuild.swap import swap
from consumers.warehouse.stage import LIMITS
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.rebuild import DIFFERENT, EQUAL, SWAPPED
from infra.errors import OperatorError
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)


class RebuildRunning(OperatorError):
    """A rebuild, an erasure or retention of the event is under way: wait for it to end."""

    retriable: ClassVar[bool] = True


@dataclass(frozen=True)
class Rebuild:
    """A rebuild that has ended: its number, the loads it went over, the records they had, and what it found.

    `state` is `equal`, `different` or `swapped`; `swapped_rows` are the rows of core that were put in.
    """

    rebuild_id: int
    event: str
    state: str
    span: Span
    records: int
    found: Comparison
    swapped_rows: int = 0

    @property
    def differs(self) -> bool:
        """Whether the warehouse is not what the lake says, still."""
        return self.state == DIFFERENT

    def as_json(self) -> dict[str, Any]:
        """For reports."""
        about = {"rebuild_id": self.rebuild_id, "event": self.event, "state": self.state, "records": self.records}
        loads = {"first_publication": self.span.first, "last_publication": self.span.last}
        return {**about, **loads, "swapped_rows": self.swapped_rows, **books.as_json(self.found)}


def rebuild(
    engine: Engine,
    store: LakeStore,
    contract: Contract,
    loads: Loads,
    run_id: str,
    *,
    swap_in: bool = False,
    limits: StageLimits = LIMITS,
    on_step: OnStep = no_step,
) -> Rebuild | None:
    """Rebuild what these loads published and compare it with what is there; None when they published nothing.

    Loads, replays and readers go on meanwhile. With `swap_in` records that differ are replaced, in one transaction.
    Raises RebuildRunning, LakeShort, SideLost, what swap raises, what a load's steps raise, WarehouseUnavailable; the
    warehouse is as it was then.
    """
    with warehouse_errors(), alone(engine, contract.event):
        with engine.begin() as connection:
            ensure_event_tables(connection, contract)
            dead = books.give_up_others(connection, contract.event)
            span = span_of(connection, contract, loads)
            if span is None:
                return None
            side = side_tables(contract, books.begin(connection, contract.event, run_id, span))
            make_side(connection, side)
        drop_dead_sides(engine, dead)
        on_step("rebuild.begun")
        try:
            return _rebuilt(engine, store, contract, side, span, limits, on_step, swap_in=swap_in)
        finally:
            drop_side(engine, side)


def _rebuilt(
    engine: Engine,
    store: LakeStore,
    contract: Contract,
    side: Side,
    span: Span,
    limits: StageLimits,
    on_step: OnStep,
    *,
    swap_in: bool,
) -> Rebuild:
    core, number = event_tables(contract), side.records.load_id
    takes, records = copy_records(engine, store, contract, side, span, limits)
    on_step("rebuild.copied")
    judge_records(engine, contract, side)
    fetch_raw(engine, store, contract, side, core, takes)
    on_step("rebuild.judged")
    with snapshot(engine) as connection:
        found = compare(connection, contract, side, span, core, records)
    on_step("rebuild.compared")
    state, rows = EQUAL if found.is_equal else DIFFERENT, 0
    with engine.begin() as connection:
        if swap_in and not found.is_equal:
            state, rows = SWAPPED, swap(connection, contract, side, span, core, found)
            on_step("rebuild.swapped")
        books.end(connection, number, state, sum(records.values()), found, rows)
    said: Mapping[str, Any] = {"action": "rebuild", "event": contract.event, "rebuild_id": number, "state": state}
    log.info("Rebuild of %s: %s", contract.event, state, extra=said)
    return Rebuild(number, contract.event, state, span, sum(records.values()), found, rows)


@contextmanager
def alone(engine: Engine, event: str) -> Iterator[None]:
    """Holds the event's lock against other rebuilds, erasures and retention, by a session of its own.

    Raises RebuildRunning.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = func.hashtextextended(f"ledger.rebuild {event}", 0)
        if not connection.execute(select(func.pg_try_advisory_lock(key))).scalar_one():
            raise RebuildRunning(event)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key)))


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees the warehouse as of one moment."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        yield connection
