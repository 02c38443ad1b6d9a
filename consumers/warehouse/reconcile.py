"""Proof that no offset was lost or counted twice: Kafka, ledger, core and quarantine are counted apart and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, inspect, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.quarantine_books import NO_ENTRIES, quarantine_entries, replayed_rows
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import CORE
from consumers.warehouse.tables.retention import expired as expired_table
from schemas.contract import Contract

Partition = tuple[str, int]
"""Topic and number."""


@dataclass(frozen=True)
class PartitionBalance:
    """One partition since its first offset.

    `end` is the offset after the last record in Kafka, None when Kafka was not asked. `covered` is how many offsets the
    ledger's ranges span together, `in_core` and so on are rows counted in the tables themselves. Of the quarantine's
    entries `replayed_loaded` and `replayed_duplicate` were closed by replays with that outcome. `in_core_by_replay` are
    rows whose load is a replay, `replayed_in_core` those of them that are the very record of such an entry. What went
    at the end of its term is counted by `expired_loaded` (rows of core), `expired_replayed` (those of them that a
    replay had loaded, with their entries), `expired_quarantined` and `expired_rejected` (entries).
    """

    topic: str
    partition: int
    end: int | None
    watermark: int
    covered: int
    consumed: int
    loaded: int
    duplicate: int
    quarantined: int
    rejected: int
    erased: int
    in_core: int
    in_quarantine: int
    in_rejects: int
    open: int
    replayed_loaded: int
    replayed_duplicate: int
    discarded: int
    in_core_by_replay: int
    replayed_in_core: int
    expired_loaded: int
    expired_replayed: int
    expired_quarantined: int
    expired_rejected: int

    @property
    def faults(self) -> tuple[str, ...]:
        """What does not agree, in words; empty when all is accounted for."""
        outcomes = self.loaded + self.duplicate + self.quarantined + self.rejected + self.erased
        entries = self.open + self.replayed_loaded + self.replayed_duplicate + self.discarded
        loaded = self.loaded + self.replayed_loaded + self.expired_replayed
        compared = (
            ("offsets in Kafka and published", self.end if self.end is not None else self.watermark, self.watermark),
            ("offsets published and covered by the ledger", self.watermark, self.covered),
            ("records consumed and accounted for", self.consumed, outcomes),
            ("rows loaded and in core", loaded, self.in_core + self.expired_loaded),
            ("rows quarantined and in the quarantine", self.quarantined, self.in_quarantine + self.expired_quarantined),
            ("records rejected and in the quarantine", self.rejected, self.in_rejects + self.expired_rejected),
            ("entries in the quarantine and accounted for", self.in_quarantine + self.in_rejects, entries),
            ("entries replayed and rows of replays in core", self.replayed_loaded, self.in_core_by_replay),
            ("entries replayed and their own rows in core", self.replayed_loaded, self.replayed_in_core),
        )
        return tuple(f"{what}: {one} and {other}" for what, one, other in compared if one != other)


def reconcile(
    engine: Engine, contracts: Iterable[Contract], ends: Mapping[Partition, int] | None = None
) -> list[PartitionBalance]:
    """The balance of every partition that the ledger or `ends` (Kafka's end offsets) knows, in order.

    All tables are read in one snapshot, so that a load that commits meanwhile disturbs nothing. Core tables are counted
    whole. Raises WarehouseUnavailable.
    """
    with warehouse_errors(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        return [balance for contract in contracts for balance in _balances(connection, contract, ends or {})]


def _balances(connection: Connection, contract: Contract, ends: Mapping[Partition, int]) -> Iterator[PartitionBalance]:
    ranges = _ranges(connection, contract.topic)
    core = _core_rows(connection, contract)
    entries = quarantine_entries(connection, contract.topic)
    expired = _expired(connection, contract.topic)
    known = {partition for topic, partition in ends if topic == contract.topic}
    for partition in sorted(known | ranges.keys() | core.keys()):
        yield PartitionBalance(
            topic=contract.topic,
            partition=partition,
            end=ends.get((contract.topic, partition)),
            **ranges.get(partition, _NOTHING),
            **core.get(partition, _NO_ROWS),
            **entries.get(partition, NO_ENTRIES),
            **expired.get(partition, _NOTHING_EXPIRED),
        )


_COUNTS = ("consumed", "loaded", "duplicate", "quarantined", "rejected", "erased")
_NOTHING = dict.fromkeys(("watermark", "covered", *_COUNTS), 0)
_NOTHING_EXPIRED = dict.fromkeys(("expired_loaded", "expired_replayed", "expired_quarantined", "expired_rejected"), 0)
_NO_ROWS = dict.fromkeys(("in_core", "in_core_by_replay", "replayed_in_core"), 0)


def _ranges(connection: Connection, topic: str) -> dict[int, dict[str, int]]:
    """Sums over the ledger's ranges, by partition."""
    batch, mark = ledger.batch.c, ledger.watermark.c
    sums = [func.sum(batch[name]).label(name) for name in _COUNTS]
    covered = func.coalesce(func.sum(batch.next_offset - batch.from_offset), 0).label("covered")
    query = (
        select(batch.partition, mark.next_offset.label("watermark"), covered, *sums)
        .join(ledger.watermark, (mark.topic == batch.topic) & (mark.partition == batch.partition))
        .where(batch.topic == topic)
        .group_by(batch.partition, mark.next_offset)
    )
    return {
        row["partition"]: {name: int(row[name]) for name in _NOTHING} for row in connection.execute(query).mappings()
    }


def _core_rows(connection: Connection, contract: Contract) -> dict[int, dict[str, int]]:
    """Rows by partition: all, those of replays, and those of replays that belong to the entry that was replayed."""
    rows = event_tables(contract).rows
    if not inspect(connection).has_table(rows.name, schema=CORE):
        return {}
    load, partition = ledger.load.c, rows.c.kafka_partition
    replays = select(load.load_id).where(load.event == contract.event, load.kind == ledger.REPLAY)
    by_replay = func.count().filter(rows.c.load_id.in_(replays))
    own = replayed_rows(connection, contract, rows)
    found = connection.execute(select(partition, func.count(), by_replay).group_by(partition))
    return {
        partition: {"in_core": whole, "in_core_by_replay": part, "replayed_in_core": own.get(partition, 0)}
        for partition, whole, part in found
    }


def _expired(connection: Connection, topic: str) -> dict[int, dict[str, int]]:
    """What the end of its term removed, by partition."""
    of = expired_table.c
    sums = (func.sum(of[name.removeprefix("expired_")]).label(name) for name in _NOTHING_EXPIRED)
    query = select(of.partition, *sums).where(of.topic == topic).group_by(of.partition)
    return {
        row["partition"]: {name: int(row[name]) for name in _NOTHING_EXPIRED}
        for row in connection.execute(query).mappings()
    }
