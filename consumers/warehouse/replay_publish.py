"""The last step of a replay: rows that pass into core and their entries closed, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from sqlalchemy import Connection, Engine, inspect, select, text

from consumers.warehouse import ledger as entries
from consumers.warehouse.closing import Closing, close_entries, keep_open, lock_open_entries, open_by_rule
from consumers.warehouse.connect import StagingLost
from consumers.warehouse.leftovers import drop_tables
from consumers.warehouse.publish import LoadNotChecked
from consumers.warehouse.rows import load_rows
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables import ledger, quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import STAGING
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from consumers.warehouse.verdict import count_rows
from infra.errors import OperatorError
from schemas.contract import Contract

log = logging.getLogger(__name__)


class StaleReplay(OperatorError):
    """Another replay had some of the entries first, or they were closed by hand: nothing was written, start anew."""


class ReplayUnbalanced(OperatorError):
    """What the replay loaded and closed do not agree, so nothing was written: report it as a fault of the platform."""


@dataclass(frozen=True)
class ReplayResult:
    """What became of the replayed entries; all zero when it is stale, since nothing was written then.

    `open_by_rule` counts those still open by the first rule they broke. `rehearsed`: nothing was written, this is what
    would have become of them.
    """

    load_id: int
    consumed: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: int = 0
    open_by_rule: Mapping[str, int] = field(default_factory=dict)
    stale: bool = False
    rehearsed: bool = False

    @property
    def closed(self) -> int:
        """Entries that are no longer open."""
        return self.loaded + self.duplicate

    def counts(self) -> dict[str, int]:
        """The counts by name; `quarantined` are those still open."""
        return {name: getattr(self, name) for name in COUNTS}


class Watch(Protocol):
    """Somebody who looks at the transaction of a rehearsal, which is rolled back whatever he writes into it."""

    def before(self, connection: Connection) -> None:
        """Called before the first statement: the transaction has no snapshot yet, and will see one alone."""

    def after(self, connection: Connection, result: ReplayResult) -> None:
        """Called when all is written that the replay would write."""


COUNTS = ("consumed", "loaded", "duplicate", "quarantined")
_ENDED = (ledger.PUBLISHED, ledger.FRUITLESS)


def publish_replay(
    engine: Engine,
    contract: Contract,
    load_id: int,
    closing: Closing,
    *,
    rehearse: bool = False,
    watch: Watch | None = None,
    on_step: OnStep = no_step,
) -> ReplayResult:
    """Commit a checked replay, or find that it is stale; one that was committed before only returns its result.

    With `rehearse` the transaction is rolled back when all is counted, and `watch` may look at it before. Raises
    LoadNotChecked, LoadOfOtherKind, StagingLost, ReplayUnbalanced and the database's errors; nothing has changed then.
    """
    staging = staging_tables(contract, load_id)
    result = _result_of(engine, contract, load_id)
    if result is None and rehearse:
        result = _rehearse(engine, contract, staging, closing, watch)
    elif result is None:
        result = _publish(engine, contract, staging, closing, on_step)
    log.info("Replay %d: %s", load_id, result.counts(), extra={"action": "publish_replay", "stale": result.stale})
    drop_tables(engine, [table.name for table in staging.metadata.sorted_tables])
    return result


def _result_of(engine: Engine, contract: Contract, load_id: int) -> ReplayResult | None:
    """The result of a replay that has come to an end, None for one that can be published; raises LoadNotChecked."""
    load = ledger.load.c
    with engine.begin() as connection:
        state = entries.state_of(connection, load_id)
        entries.refuse_other_kind(connection, load_id, ledger.REPLAY)
        if state in _ENDED:
            counts = connection.execute(select(*(load[name] for name in COUNTS)).where(load.load_id == load_id)).one()
            by_rule = open_by_rule(connection, contract.event, load_id)
            return ReplayResult(load_id, **counts._mapping, open_by_rule=by_rule)
    if state == ledger.STALE:
        return ReplayResult(load_id, stale=True)
    if state != ledger.CHECKED:
        raise LoadNotChecked(f"load {load_id} is {state}")
    return None


def _publish(
    engine: Engine, contract: Contract, staging: StagingTables, closing: Closing, on_step: OnStep
) -> ReplayResult:
    try:
        with engine.begin() as connection:
            result = _write(connection, contract, staging, closing, on_step)
            state = ledger.PUBLISHED if result.closed else ledger.FRUITLESS
            entries.set_state(connection, staging.load_id, state, result.counts())
            on_step("replay.balanced")
    except StaleReplay:
        return _stale(engine, contract, staging.load_id)
    on_step("replay.committed")
    return result


def _rehearse(
    engine: Engine, contract: Contract, staging: StagingTables, closing: Closing, watch: Watch | None
) -> ReplayResult:
    """All that _publish does, in a transaction that is rolled back."""
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            if watch is not None:
                watch.before(connection)
            result = _write(connection, contract, staging, closing, no_step)
            if watch is not None:
                watch.after(connection, result)
            connection.rollback()
    except StaleReplay:
        return _stale(engine, contract, staging.load_id)
    _end(engine, staging.load_id, ledger.REHEARSED)
    return replace(result, rehearsed=True)


def _stale(engine: Engine, contract: Contract, load_id: int) -> ReplayResult:
    """Put on record that the replay came too late, unless it was this very one that another process published."""
    _end(engine, load_id, ledger.STALE)
    return _result_of(engine, contract, load_id) or ReplayResult(load_id, stale=True)


def _end(engine: Engine, load_id: int, state: str) -> None:
    """Put on record how a replay that wrote nothing ended, unless another process has published it meanwhile."""
    with engine.begin() as connection:
        if entries.state_of(connection, load_id, lock=True) == ledger.CHECKED:
            entries.set_state(connection, load_id, state)


def _write(
    connection: Connection, contract: Contract, staging: StagingTables, closing: Closing, on_step: OnStep
) -> ReplayResult:
    """Everything that commits together."""
    staged = _lock(connection, contract, staging)
    on_step("replay.locked")
    connection.execute(text("set local work_mem = '128MB'"))
    core = event_tables(contract)
    loaded = sum(load_rows(connection, staging, core).values())
    on_step("replay.loaded")
    closed = close_entries(connection, contract.topic, staging, core, closing)
    still_open = keep_open(connection, contract.topic, staging)
    on_step("replay.closed")
    duplicate = closed.get(quarantine.DUPLICATE, 0)
    if closed.get(quarantine.LOADED, 0) != loaded or staged != loaded + duplicate + still_open:
        raise ReplayUnbalanced(f"load {staging.load_id}: {staged} staged, {loaded} loaded, {closed}, {still_open} open")
    by_rule = open_by_rule(connection, contract.event, staging.load_id)
    return ReplayResult(staging.load_id, staged, loaded, duplicate, still_open, by_rule)


def _lock(connection: Connection, contract: Contract, staging: StagingTables) -> int:
    """How many rows are staged, the load and their entries locked.

    Raises StaleReplay, LoadNotChecked for a replay given up or published meanwhile, StagingLost: the staging tables are
    not in the write-ahead log, PostgreSQL empties them when it recovers from a crash.
    """
    state = entries.state_of(connection, staging.load_id, lock=True)
    if state in _ENDED:
        raise StaleReplay(f"load {staging.load_id}")
    if state != ledger.CHECKED:
        raise LoadNotChecked(f"load {staging.load_id} is {state}")
    if not inspect(connection).has_table(staging.rows.name, schema=STAGING):
        raise StagingLost(f"load {staging.load_id}")
    consumed = ledger.load.c.consumed
    wanted = connection.execute(select(consumed).where(ledger.load.c.load_id == staging.load_id)).scalar_one()
    if count_rows(connection, staging.rows) != wanted:
        raise StagingLost(f"load {staging.load_id} has not its {wanted} rows")
    if lock_open_entries(connection, contract.topic, staging) != wanted:
        raise StaleReplay(f"load {staging.load_id}")
    return int(wanted)
