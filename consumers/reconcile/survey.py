"""Everything compared for some events: topic, lake, ledger, rows, and what sources counted themselves."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kafka import TopicPartition
from sqlalchemy import Engine

from consumers.reconcile.books import ledger_ranges, watermarks
from consumers.reconcile.compare import compare, retention_left
from consumers.reconcile.findings import Finding, Kind
from consumers.reconcile.hours import VIETNAM, HourCount, Rows, differing, first_whole_hour, hour_counts
from consumers.reconcile.lake import lake_batches
from consumers.reconcile.log import log_states
from consumers.reconcile.partition import LakeBatch, LedgerRange, PartitionState, end_of
from consumers.reconcile.rows import rows_by_hour
from consumers.reconcile.sources import marketplace_findings
from consumers.reconcile.thresholds import Thresholds
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.reconcile import PartitionBalance, reconcile
from infra.object_store import LakeStore
from infra.settings import Kafka
from schemas.contract import Contract

log = logging.getLogger(__name__)

ORDERS = "order_status_changed"


@dataclass(frozen=True)
class Survey:
    """What was found at a moment; `partitions` and `hours` are the figures that were compared."""

    at: datetime
    findings: tuple[Finding, ...]
    partitions: tuple[PartitionState, ...]
    hours: tuple[HourCount, ...]

    def as_json(self) -> dict[str, Any]:
        """The report: findings, how far each partition is, and the counts by hour."""
        return {
            "at": self.at.isoformat(),
            "findings": [finding.as_json() for finding in self.findings],
            "partitions": [_partition_json(state, self.at) for state in self.partitions],
            "hours": [hour.as_json() for hour in self.hours],
        }


@dataclass(frozen=True)
class _Books:
    """The warehouse's side of one event."""

    watermarks: dict[int, int]
    ranges: dict[int, tuple[LedgerRange, ...]]
    rows: Rows


def survey(
    kafka: Kafka, contracts: Iterable[Contract], engine: Engine, lake: LakeStore, now: datetime, thresholds: Thresholds
) -> Survey:
    """Compare all sides of the contracts' events; nothing is changed.

    The warehouse is read first, then the lake, then Kafka: what moves on meanwhile is never taken for missing. Raises
    the retriable errors of the three, and KafkaRefused, StoreRefused, ManifestBroken.
    """
    contracts, since = list(contracts), now - thresholds.window
    books = {contract.topic: _books(engine, contract, since) for contract in contracts}
    balances = reconcile(engine, contracts)
    batches = {topic: lake_batches(lake, topic, book.watermarks, since) for topic, book in books.items()}
    states = list(_states(kafka, books, batches))
    hours = [hour for state in states for hour in hour_counts(state, books[state.topic].rows, since)]
    found = [finding for state in states for finding in compare(state, thresholds, now)]
    found += [*differing(hours), *(finding for balance in balances for finding in _unbalanced(balance))]
    for contract in contracts:
        if contract.event == ORDERS:
            found += marketplace_findings(lake, contract.topic)
    for finding in found:
        log.error("%s", finding.line, extra={"action": "reconcile_finding", **finding.as_json()})
    log.info("compared %d partitions", len(states), extra={"action": "reconciled", "findings": len(found)})
    return Survey(now, tuple(found), tuple(states), tuple(hours))


def keep_report(store: LakeStore, found: Survey) -> str:
    """Store the report, over an earlier one of the same hour; returns its key."""
    key = f"reports/reconcile/{found.at.astimezone(VIETNAM):%Y-%m-%d/%H}.json"
    store.put(key, json.dumps(found.as_json(), ensure_ascii=False, indent=1).encode())
    return key


def _books(engine: Engine, contract: Contract, since: datetime) -> _Books:
    snapshot = {"isolation_level": "REPEATABLE READ"}
    with warehouse_errors(), engine.connect().execution_options(**snapshot) as connection:
        return _Books(
            watermarks(connection, contract.topic),
            ledger_ranges(connection, contract.topic),
            rows_by_hour(connection, contract, first_whole_hour(since)),
        )


def _states(
    kafka: Kafka, books: dict[str, _Books], batches: dict[str, dict[int, tuple[LakeBatch, ...]]]
) -> Iterator[PartitionState]:
    landed = {
        TopicPartition(topic, partition): end_of(held)
        for topic, by_partition in batches.items()
        for partition, held in by_partition.items()
    }
    logs = log_states(kafka, books.keys(), landed)
    published = {TopicPartition(topic, partition) for topic, book in books.items() for partition in book.watermarks}
    for place in sorted(logs.keys() | landed.keys() | published):
        topic, partition = place
        yield PartitionState(
            topic=topic,
            partition=partition,
            log=logs.get(place),
            batches=batches[topic].get(partition, ()),
            ledger=books[topic].ranges.get(partition, ()),
            watermark=books[topic].watermarks.get(partition, 0),
        )


def _unbalanced(balance: PartitionBalance) -> Iterator[Finding]:
    """Since the first offset, as the sums of the warehouse's tables say."""
    for fault in balance.faults:
        yield Finding(Kind.COUNTS_DIFFER, balance.topic, balance.partition, 0, balance.watermark, None, fault)


def _partition_json(state: PartitionState, now: datetime) -> dict[str, Any]:
    left = retention_left(state.log, now) if state.log else None
    return {
        "topic": state.topic,
        "partition": state.partition,
        "log_start": state.log and state.log.start,
        "log_end": state.log and state.log.end,
        "lake_end": state.lake_end,
        "watermark": state.watermark,
        "retention_left_s": None if left is None else round(left.total_seconds()),
    }
