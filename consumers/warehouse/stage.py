"""stage: what the lake holds beyond the watermark, into the staging tables of a new load."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sqlalchemy import Engine

from consumers.lake.batches import partitions_of
from consumers.warehouse import ledger
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.copying import ERASED, REJECT, ROW, Copied, copy_takes
from consumers.warehouse.erasure.blocked import set_apart_staged
from consumers.warehouse.leftovers import drop_leftovers
from consumers.warehouse.openings import ends_let_through, refuse_while_open
from consumers.warehouse.plan import StageLimits, Take, plan_load
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)

LIMITS = StageLimits()


def stage(
    engine: Engine,
    store: LakeStore,
    contract: Contract,
    run_id: str,
    limits: StageLimits = LIMITS,
    on_step: OnStep = no_step,
) -> int | None:
    """Stage the batches beyond the watermarks, up to the limits; the new load's number, None when there are none.

    Nothing but the load's own staging tables and its ledger entries is written; core tables are created or widened if
    the contract needs it. Raises BreakerOpen, LakeHole, LakeCorrupt and the lake's errors; StagingLost for a
    zombie that was given up; WarehouseUnavailable.
    """
    with warehouse_errors():
        with engine.begin() as connection:
            # First of all, so that the staging tables of the load that waits are kept for a repeated check.
            refuse_while_open(connection, contract.event)
        drop_leftovers(engine, contract.event)
        with engine.begin() as connection:
            ensure_event_tables(connection, contract)
            watermarks = ledger.watermarks_of(connection, contract.topic, partitions_of(store, contract.topic))
            ends = ends_let_through(connection, contract.event, watermarks)
        takes = plan_load(store, contract.topic, watermarks, limits, ends)
        if not takes:
            return None
        on_step("stage.planned")
        staging = _begin(engine, contract, run_id)
        on_step("stage.begun")
        copied = copy_takes(engine, store, contract, staging, takes, limits)
        on_step("stage.copied")
        with engine.begin() as connection:
            ledger.record_batches(connection, staging.load_id, takes)
            ledger.record_ranges(connection, contract.topic, staging.load_id, ranges_of(takes, copied))
            set_apart_staged(connection, contract, staging)
            ledger.set_staged(connection, staging.load_id, copied.total())
    on_step("stage.done")
    log.info("Staged %d records", copied.total(), extra={"action": "stage", "load_id": staging.load_id})
    return staging.load_id


def ranges_of(takes: Iterable[Take], copied: Copied) -> list[ledger.LoadRange]:
    """The range of offsets taken of each partition, with what was found in it."""
    by_partition: dict[int, list[Take]] = {}
    for take in takes:
        by_partition.setdefault(take.manifest.partition, []).append(take)
    return [
        ledger.LoadRange(
            partition=partition,
            from_offset=of_partition[0].from_offset,
            next_offset=of_partition[-1].manifest.next_offset,
            records=sum(copied[partition, kind] for kind in (ROW, REJECT, ERASED)),
            rejected=copied[partition, REJECT],
        )
        for partition, of_partition in by_partition.items()
    ]


def _begin(engine: Engine, contract: Contract, run_id: str) -> StagingTables:
    """The load's number and its empty staging tables."""
    with engine.begin() as connection:
        load_id = ledger.begin_load(connection, contract, run_id)
        staging = staging_tables(contract, load_id)
        staging.metadata.create_all(connection, checkfirst=False)
    return staging
