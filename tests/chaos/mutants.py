"""Builds that are broken on purpose: the suite must find what is wrong with each of them.

`CHAOS_MUTANT` names the one that the processes of a run put on when they start.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kafka import TopicPartition
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

import consumers.landing.run
import consumers.landing.writer
import consumers.warehouse.publish
import consumers.warehouse.rows
from consumers.landing.loop import LandingLoop
from consumers.landing.partitions import Partitions
from consumers.landing.records import OpenBatch
from consumers.warehouse.ledger import ranges_of
from infra.errors import OperatorError
from producers.acknowledged import Outcome, Spooled
from producers.records import Record
from producers.spooled import SpooledProducer

# What the broken builds replace; names that a module imports are its own to look up.
run: Any = consumers.landing.run
writer: Any = consumers.landing.writer
publish: Any = consumers.warehouse.publish
rows: Any = consumers.warehouse.rows


def _commit_before_durable() -> None:
    """Landing commits a batch when it is closed, and begins where Kafka says it has committed."""
    closed: list[OpenBatch] = []
    take_due, settle = Partitions.take_due, LandingLoop._settle

    def take_and_note(self: Partitions) -> Any:
        for batch in take_due(self):
            closed.append(batch)
            yield batch

    def settle_early(self: LandingLoop, durable: Any) -> None:
        for batch in closed:
            self.commits.note(TopicPartition(batch.topic, batch.partition), batch.next_offset)
        closed.clear()
        settle(self, durable)

    Partitions.take_due = take_and_note  # type: ignore[method-assign]
    LandingLoop._settle = settle_early  # type: ignore[method-assign]
    run.start_of = lambda consumer, store, partition: consumer.committed(partition) or 0


def _no_fence() -> None:
    """A load publishes whatever the watermark says."""
    publish._lock_ranges = lambda connection, topic, load_id: ranges_of(connection, load_id)


def _no_dedup() -> None:
    """Core takes an event as often as it comes."""

    def insert_rows(chosen: Any, core: Any) -> Any:
        place = (core.c.kafka_partition, core.c.kafka_offset)
        names = [column.name for column in core.columns]
        return insert(core).from_select(names, chosen).returning(*place).cte("inserted")

    def load_rows(connection: Any, staging: Any, core: Any) -> Any:
        connection.execute(text(f"alter table {core.rows.fullname} drop constraint if exists {core.rows.name}_pkey"))
        return original(connection, staging, core)

    original = publish.load_rows
    rows._insert_rows = insert_rows
    publish.load_rows = load_rows


def _two_transactions() -> None:
    """The rows of a load are committed before its ranges and watermark."""
    original = publish.load_rows

    def load_rows(connection: Any, staging: Any, core: Any) -> Any:
        with connection.engine.begin() as other:
            return original(other, staging, core)

    publish.load_rows = load_rows


def _acknowledged_at_once() -> None:
    """The producer says that a record is durable when it has taken it."""
    original = SpooledProducer.submit

    def submit(self: SpooledProducer, records: Sequence[Record], on_done: Callable[[list[Outcome]], None]) -> None:
        on_done([Spooled(record.topic, record.event_id) for record in records])
        original(self, records, lambda outcomes: None)

    SpooledProducer.submit = submit  # type: ignore[method-assign]


def _store_failures_ignored() -> None:
    """Landing goes on when a batch could not be stored."""
    original = writer.store_batch

    def store_batch(store: Any, manifest: Any, files: Any, on_step: Any) -> Any:
        try:
            return original(store, manifest, files, on_step)
        except OperatorError:
            return manifest

    writer.store_batch = store_batch


def _rejects_dropped() -> None:
    """What cannot be decoded reaches no quarantine, and the books are made to fit."""
    original = publish.enter

    def enter(connection: Any, topic: str, load_id: int, balances: Any) -> None:
        fitted = [
            type(each)(**{**vars(each), "consumed": each.consumed - (each.rejected or 0), "rejected": 0})
            for each in balances
        ]
        connection.execute(text("delete from quarantine.event where origin = 'landing'"))
        original(connection, topic, load_id, fitted)

    publish.enter = enter


MUTANTS: Mapping[str, Callable[[], None]] = {
    "commit_before_durable": _commit_before_durable,
    "no_fence": _no_fence,
    "no_dedup": _no_dedup,
    "two_transactions": _two_transactions,
    "acknowledged_at_once": _acknowledged_at_once,
    "store_failures_ignored": _store_failures_ignored,
    "rejects_dropped": _rejects_dropped,
}


def break_build() -> None:
    """Put on the mutant that the environment names, if any."""
    name = os.environ.get("CHAOS_MUTANT")
    if name:
        MUTANTS[name]()
