"""Proof that no offset was lost or counted twice: Kafka, ledger, core and quarantine are counted apart and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, inspect, select

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.tables import ledger, quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import CORE
from schemas.contract import Contract

Partition = tuple[str, int]
"""Topic and number."""


@dataclass(frozen=True)
class PartitionBalance:
    """One partition since its first offset.

    `end` is the offset after the last record in Kafka, None when Kafka was not asked. `covered` is how many offsets the
    ledger's ranges span together, `in_core` and so on are rows counted in the tables themselves.
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

    @property
    def faults(self) -> tuple[str, ...]:
        """What does not agree, in words; empty when all is accounted for."""
        outcomes = self.loaded + self.duplicate + self.quarantined + self.rejected + self.erased
        compared = (
            ("offsets in Kafka and published", self.end if self.end is not None else self.watermark, self.watermark),
            ("offsets published and covered by the ledger", self.watermark, self.covered),
            ("records consumed and accounted for", self.consumed, outcomes),
            ("rows loaded and in core", self.loaded, self.in_core),
            ("rows quarantined and in the quarantine", self.quarantined, self.in_quarantine),
            ("records rejected and in the quarantine", self.rejected, self.in_rejects),
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
    entries = _quarantine_entries(connection, contract.topic)
    known = {partition for topic, partition in ends if topic == contract.topic}
    for partition in sorted(known | ranges.keys() | core.keys()):
        yield PartitionBalance(
            topic=contract.topic,
            partition=partition,
            end=ends.get((contract.topic, partition)),
            **ranges.get(partition, _NOTHING),
            in_core=core.get(partition, 0),
            in_quarantine=entries.get((partition, quarantine.CHECK), 0),
            in_rejects=entries.get((partition, quarantine.LANDING), 0),
        )


_COUNTS = ("consumed", "loaded", "duplicate", "quarantined", "rejected", "erased")
_NOTHING = dict.fromkeys(("watermark", "covered", *_COUNTS), 0)


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


def _core_rows(connection: Connection, contract: Contract) -> dict[int, int]:
    rows = event_tables(contract).rows
    if not inspect(connection).has_table(rows.name, schema=CORE):
        return {}
    partition = rows.c.kafka_partition
    return dict(connection.execute(select(partition, func.count()).group_by(partition)).all())


def _quarantine_entries(connection: Connection, topic: str) -> dict[tuple[int, str], int]:
    entry = quarantine.event.c
    query = select(entry.kafka_partition, entry.origin, func.count()).where(entry.topic == topic)
    found = connection.execute(query.group_by(entry.kafka_partition, entry.origin))
    return {(partition, origin): count for partition, origin, count in found}
