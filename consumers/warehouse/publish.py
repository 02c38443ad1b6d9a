"""publish: good rows, quarantine, ledger and watermark of a load, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine, inspect, select, text

from consumers.warehouse import ledger as entries
from consumers.warehouse.balance import Balance, balance, enter, lock_watermarks, staged_rows
from consumers.warehouse.connect import StagingLost, warehouse_errors
from consumers.warehouse.erasure.blocked import note_erased, set_apart
from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.leftovers import drop_tables
from consumers.warehouse.quarantine import count_quarantined, quarantine_rejects, quarantine_rows
from consumers.warehouse.raw_datums import BadRows, Datums, bad_rows
from consumers.warehouse.rows import load_rows
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import STAGING
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from infra.errors import OperatorError
from infra.object_store import LakeStore, StoreUnavailable
from schemas.contract import Contract

log = logging.getLogger(__name__)

# How long a load may hold its locks for bytes that the lake has not given yet.
_PATIENCE_SECONDS = 20


class StaleLoad(OperatorError):
    """Another load has published these offsets meanwhile: nothing is to be done, the next run goes on from there."""


class ErasedMeanwhile(StaleLoad):
    """A person of the load was erased since it was staged: nothing is to be done, the next run loads the others."""


class LoadNotChecked(OperatorError):
    """Only a load whose checks are done can be published: clear the check task, or start a new run of the DAG."""


@dataclass(frozen=True)
class PublishResult:
    """What became of the load's records; all zero when it is stale, since nothing was written then."""

    load_id: int
    stale: bool
    consumed: int = 0
    loaded: int = 0
    duplicate: int = 0
    quarantined: int = 0
    rejected: int = 0
    erased: int = 0

    def counts(self) -> dict[str, int]:
        """The counts by name."""
        return {name: getattr(self, name) for name in _COUNTS}


_COUNTS = ("consumed", "loaded", "duplicate", "quarantined", "rejected", "erased")


def publish(
    engine: Engine, store: LakeStore, contract: Contract, load_id: int, on_step: OnStep = no_step
) -> PublishResult:
    """Commit a checked load, or find that it is stale; publishing a published load again only returns its result.

    Raises LoadNotChecked, LoadOfOtherKind, StagingLost, LakeCorrupt, the lake's errors, WarehouseUnavailable; nothing
    has changed then.
    """
    staging = staging_tables(contract, load_id)
    with warehouse_errors():
        result = _result_of(engine, load_id) or _publish(engine, store, contract, staging, on_step)
        log.info("Load %d: %s", load_id, result.counts(), extra={"action": "publish", "stale": result.stale})
        drop_tables(engine, [table.name for table in staging.metadata.sorted_tables])
    on_step("publish.done")
    return result


def _result_of(engine: Engine, load_id: int) -> PublishResult | None:
    """The result of a load that has come to an end, None for one that can be published; raises LoadNotChecked."""
    load = ledger.load.c
    with engine.begin() as connection:
        state = entries.state_of(connection, load_id)
        entries.refuse_other_kind(connection, load_id, ledger.LOAD)
        counts = connection.execute(select(*(load[name] for name in _COUNTS)).where(load.load_id == load_id)).one()
    if state == ledger.PUBLISHED:
        return PublishResult(load_id, stale=False, **counts._mapping)
    if state == ledger.STALE:
        return PublishResult(load_id, stale=True)
    if state != ledger.CHECKED:
        raise LoadNotChecked(f"load {load_id} is {state}")
    return None


def _publish(
    engine: Engine, store: LakeStore, contract: Contract, staging: StagingTables, on_step: OnStep
) -> PublishResult:
    try:
        bad, keys = _look_ahead(engine, contract, staging)
        with ThreadPoolExecutor(1, thread_name_prefix="publish") as reader:
            # While PostgreSQL inserts the good rows.
            fetched = reader.submit(bad.fetched_from, store, keys)
            on_step("publish.looked")
            with engine.begin() as connection:
                balances = _write(connection, contract, staging, bad, partial(_in_time, fetched), on_step)
                counts = {name: sum(getattr(entry, name) for entry in balances) for name in _COUNTS}
                entries.set_state(connection, staging.load_id, ledger.PUBLISHED, counts)
                on_step("publish.balanced")
    except StaleLoad:
        return _stale(engine, staging.load_id)
    on_step("publish.committed")
    return PublishResult(staging.load_id, stale=False, **counts)


def _stale(engine: Engine, load_id: int) -> PublishResult:
    """Put on record that the load came too late, unless it was this very load that another process published."""
    with engine.begin() as connection:
        if entries.state_of(connection, load_id, lock=True) == ledger.CHECKED:
            entries.set_state(connection, load_id, ledger.STALE)
    return _result_of(engine, load_id) or PublishResult(load_id, stale=True)


def _look_ahead(engine: Engine, contract: Contract, staging: StagingTables) -> tuple[BadRows, list[str]]:
    """The bad rows, and the manifests of the batches that hold their bytes; raises StaleLoad, StagingLost."""
    with engine.begin() as connection:
        _lock_ranges(connection, contract.topic, staging.load_id)
        if not inspect(connection).has_table(staging.rows.name, schema=STAGING):
            raise StagingLost(f"load {staging.load_id}")
        return bad_rows(connection, staging), entries.manifest_keys_of(connection, staging.load_id)


def _in_time(fetched: Future[BadRows]) -> Datums:
    """The bytes of the bad rows; raises StoreUnavailable rather than hold the load's locks while the lake hangs."""
    try:
        return fetched.result(_PATIENCE_SECONDS).datums
    except TimeoutError as error:
        raise StoreUnavailable("the bytes of bad rows have not come") from error


def _write(
    connection: Connection,
    contract: Contract,
    staging: StagingTables,
    bad: BadRows,
    datums_of_bad: Callable[[], Datums],
    on_step: OnStep,
) -> list[Balance]:
    """Everything that commits together."""
    ranges = _lock_ranges(connection, contract.topic, staging.load_id)
    on_step("publish.locked")
    if set_apart(connection, contract, staging) or bad_rows(connection, staging).offsets != bad.offsets:
        raise ErasedMeanwhile(f"load {staging.load_id}")
    erased = staged_rows(connection, staging.erased)
    staged = _verified_rows(connection, staging, ranges, erased)
    connection.execute(text("set local work_mem = '128MB'"))
    loaded = load_rows(connection, staging, event_tables(contract))
    on_step("publish.loaded")
    quarantine_rows(connection, contract, staging, datums_of_bad())
    quarantine_rejects(connection, contract, staging)
    on_step("publish.quarantined")
    quarantined = count_quarantined(connection, contract.topic, ranges)
    note_erased(connection, contract, staging)
    balances = [
        balance(
            offsets,
            staged=staged.get(offsets.partition, 0),
            bad=bad.count(offsets.partition),
            loaded=loaded.get(offsets.partition, 0),
            quarantined=quarantined,
            erased=erased.get(offsets.partition, 0),
        )
        for offsets in ranges
    ]
    enter(connection, contract.topic, staging.load_id, balances)
    return balances


def _lock_ranges(connection: Connection, topic: str, load_id: int) -> list[LoadRange]:
    """The load's ranges, it and their watermarks locked.

    Raises StaleLoad unless each range begins at its watermark, LoadNotChecked for a load given up meanwhile.
    """
    state = entries.state_of(connection, load_id, lock=True)
    ranges = entries.ranges_of(connection, load_id)
    watermarks = lock_watermarks(connection, topic, [offsets.partition for offsets in ranges])
    for offsets in ranges:
        if watermarks.get(offsets.partition) != offsets.from_offset:
            raise StaleLoad(f"load {load_id}, partition {offsets.partition}")
    if state != ledger.CHECKED:
        raise LoadNotChecked(f"load {load_id} is {state}")
    return ranges


def _verified_rows(
    connection: Connection, staging: StagingTables, ranges: list[LoadRange], erased: Mapping[int, int]
) -> dict[int, int]:
    """Staged rows by partition; raises StagingLost if they are not those that were staged.

    Staging tables are not in the write-ahead log: PostgreSQL empties them when it recovers from a crash.
    """
    staged = staged_rows(connection, staging.rows)
    for offsets in ranges:
        if staged.get(offsets.partition, 0) + erased.get(offsets.partition, 0) != offsets.rows:
            raise StagingLost(f"load {staging.load_id} has not its {offsets.rows} rows of {offsets.partition}")
    return staged
