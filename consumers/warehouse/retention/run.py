"""Finds what a contract's terms take out of a partition, and takes it out; see ../RETENTION.md."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, insert

from consumers.lake.batches import partitions_of
from consumers.lake.expire import Ended, drop_below, ended_batches
from consumers.warehouse import ledger
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.rebuild.rebuild import alone, snapshot
from consumers.warehouse.retention.going import Place, Rows, count_going, remove_going
from consumers.warehouse.retention.horizon import horizons_of, sealed_ends
from consumers.warehouse.retention.terms import Terms, terms_of
from consumers.warehouse.sealing.forget import drop_leaves
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.retention import expired
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Going:
    """What goes from a partition, or has gone: `lake` up to its new horizon, and rows of the warehouse.

    `waits_for_seal`: batches whose term has ended stay until they are sealed, since nobody could have a receipt then.
    """

    topic: str
    partition: int
    terms: Terms
    lake: Ended
    rows: Rows
    waits_for_seal: bool = False

    def __bool__(self) -> bool:
        return bool(self.lake.batches or self.rows)


@dataclass(frozen=True)
class _Marks:
    """How far a partition is loaded and sealed, and how far its lake has gone."""

    watermark: int
    sealed: int
    horizon: int


def going(engine: Engine, store: LakeStore, contract: Contract, now: datetime) -> list[Going]:
    """What would go now, by partition; nothing is changed. Raises the lake's errors, WarehouseUnavailable."""
    terms = terms_of(contract, now)
    if terms.lake is None:
        return []
    with warehouse_errors():
        found = list(_ended(engine, store, contract, terms, terms.lake))
        with snapshot(engine) as connection:
            return [_with_rows(each, count_going(connection, _place(contract, each))) for each in found]


def remove(
    engine: Engine, store: LakeStore, contract: Contract, now: datetime, run_id: str, on_step: OnStep = no_step
) -> list[Going]:
    """Remove what `going` finds: the warehouse's part and its record in one transaction, then the lake's objects.

    May die anywhere and be called again. Loads, landing and readers go on meanwhile; rebuilds and erasures of the event
    do not. Raises RebuildRunning besides what `going` raises.
    """
    terms = terms_of(contract, now)
    if terms.lake is None:
        return []
    with warehouse_errors(), alone(engine, contract.event):
        done = []
        for found in _ended(engine, store, contract, terms, terms.lake):
            with snapshot(engine) as connection:
                gone = _with_rows(found, remove_going(connection, _place(contract, found)))
                if gone:
                    _note(connection, gone, run_id)
                on_step("retention.removed")
            on_step("retention.committed")
            drop_below(store, gone.topic, gone.partition, gone.lake.next_offset, now)
            on_step("retention.dropped")
            drop_leaves(store, gone.topic, gone.partition, gone.lake.next_offset)
            on_step("retention.forgotten")
            if gone:
                _say(gone)
            done.append(gone)
    return done


def _ended(engine: Engine, store: LakeStore, contract: Contract, terms: Terms, before: datetime) -> Iterator[Going]:
    """The lake's part of each partition that was ever loaded."""
    for partition, marks in _marks(engine, store, contract).items():
        place = (store, contract.topic, partition, marks.horizon)
        lake = ended_batches(*place, marks.watermark, before)
        waits = lake.next_offset > marks.sealed
        if waits:
            lake = ended_batches(*place, marks.sealed, before)
        yield Going(contract.topic, partition, terms, lake, Rows(), waits_for_seal=waits)


def _marks(engine: Engine, store: LakeStore, contract: Contract) -> Mapping[int, _Marks]:
    with engine.begin() as connection:
        ensure_event_tables(connection, contract)
        watermarks = ledger.watermarks_of(connection, contract.topic, partitions_of(store, contract.topic))
        sealed, horizons = sealed_ends(connection, contract.topic), horizons_of(connection, contract.topic)
    return {
        partition: _Marks(mark, sealed.get(partition, 0), horizons.get(partition, 0))
        for partition, mark in sorted(watermarks.items())
    }


def _place(contract: Contract, found: Going) -> Place:
    core = event_tables(contract)
    return Place(contract.event, found.topic, found.partition, found.lake.next_offset, found.terms, core)


def _with_rows(found: Going, rows: Rows) -> Going:
    return Going(found.topic, found.partition, found.terms, found.lake, rows, found.waits_for_seal)


def _note(connection: Connection, gone: Going, run_id: str) -> None:
    values = {
        "topic": gone.topic,
        "partition": gone.partition,
        "next_offset": gone.lake.next_offset,
        "lake_before": gone.terms.lake,
        "quarantine_before": gone.terms.quarantine,
        "core_before": gone.terms.core,
        "batches": gone.lake.batches,
        "records": gone.lake.records,
        "run_id": run_id,
    }
    connection.execute(insert(expired).values(**values, **asdict(gone.rows)))


def _say(gone: Going) -> None:
    found = {"action": "expired", "topic": gone.topic, "partition": gone.partition, **asdict(gone.rows)}
    log.info("Up to offset %d: %d batches removed", gone.lake.next_offset, gone.lake.batches, extra=found)
