"""Merges the small batches of an event's partitions, while nobody rebuilds or erases it."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Engine

from consumers.lake.batches import partitions_of
from consumers.lake.compact import DEFAULT_LIMITS, Compacted, MergeLimits, compact
from consumers.warehouse import ledger
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.rebuild.rebuild import alone
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)


def compact_event(
    engine: Engine, store: LakeStore, contract: Contract, now: datetime, limits: MergeLimits = DEFAULT_LIMITS
) -> Compacted:
    """What was done in all partitions. Raises RebuildRunning, what `compact` raises, WarehouseUnavailable."""
    with warehouse_errors(), alone(engine, contract.event):
        with engine.begin() as connection:
            marks = ledger.watermarks_of(connection, contract.topic, partitions_of(store, contract.topic))
        done = [
            compact(store, contract.topic, partition, mark, now, limits) for partition, mark in sorted(marks.items())
        ]
    found = sum(done, Compacted())
    said = {"action": "compacted", "topic": contract.topic, **vars(found)}
    log.info("Merged %d batches into %d", found.merged, found.made, extra=said)
    return found
