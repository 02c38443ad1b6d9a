"""Compares what is in the warehouse with what the lake says, in one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, func, select, text

from consumers.warehouse.rebuild.admission import accepted_today, fill_core, fill_quarantine, rejected_today
from consumers.warehouse.rebuild.differences import (
    MISCOUNTED,
    Difference,
    Place,
    find_differences,
    named_differences,
)
from consumers.warehouse.rebuild.history import history_of
from consumers.warehouse.rebuild.parts import Content, Part, parts_of
from consumers.warehouse.rebuild.side import Side
from consumers.warehouse.rebuild.sides import sides_of
from consumers.warehouse.rebuild.span import Span, load_of
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.core import EventTables
from infra.errors import OperatorError
from schemas.contract import Contract


class SideLost(OperatorError):
    """The side tables are not whole, since PostgreSQL crashed meanwhile: rebuild again."""


@dataclass(frozen=True)
class Comparison:
    """Both sides of every table in parts, where they differ, and what today's rules would judge otherwise.

    `rejected_today` counts rows that were let in and break a critical rule of today, `accepted_today` open entries of
    the quarantine that break none; neither is a difference. `history` is a mark of what was let in when they were
    compared.
    """

    parts: tuple[Part, ...]
    differences: tuple[Difference, ...]
    rejected_today: Mapping[str, int]
    accepted_today: Mapping[str, int]
    history: str

    @property
    def is_equal(self) -> bool:
        """Whether every table holds what the lake says."""
        return not self.differences and all(part.is_equal for part in self.parts)

    def totals(self) -> dict[str, tuple[Content, Content]]:
        """Live and rebuilt content of each table."""
        found: dict[str, tuple[Content, Content]] = {}
        for part in self.parts:
            live, rebuilt = found.get(part.table, (Content(), Content()))
            found[part.table] = (live + part.live, rebuilt + part.rebuilt)
        return found


def compare(
    connection: Connection,
    contract: Contract,
    side: Side,
    span: Span,
    core: EventTables,
    records: Mapping[int, int],
) -> Comparison:
    """Fill the side's core and quarantine from its records, and compare; `records` by partition are what was copied.

    To be called in a snapshot (REPEATABLE READ) of the caller's: history and tables have to be of one moment. Raises
    SideLost.
    """
    _refuse_lost(connection, side, records)
    fill_core(connection, contract, side, span, core)
    fill_quarantine(connection, contract, side)
    all_sides = list(sides_of(contract, side, span, core))
    parts: list[Part] = []
    for sides in all_sides:
        of_table = parts_of(connection, sides)
        find_differences(connection, side, sides, of_table)
        parts += of_table
    return Comparison(
        parts=tuple(parts),
        differences=(*_miscounted(connection, side, span, records), *named_differences(connection, side, all_sides)),
        rejected_today=rejected_today(connection, side),
        accepted_today=accepted_today(connection, contract, side),
        history=history_of(connection, contract, span),
    )


def _refuse_lost(connection: Connection, side: Side, records: Mapping[int, int]) -> None:
    """Side tables are not in the write-ahead log: PostgreSQL empties them when it recovers from a crash."""
    found = sum(_count(connection, table) for table in _all_records(side))
    if found != sum(records.values()):
        raise SideLost(f"{found} of {sum(records.values())} records")


def _all_records(side: Side) -> tuple[Table, ...]:
    return side.records.rows, side.records.rejects, side.records.erased


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _miscounted(connection: Connection, side: Side, span: Span, records: Mapping[int, int]) -> tuple[Difference, ...]:
    """Ranges of which the lake has another number of records than the ledger; looked for where the sums differ."""
    suspects = [each.partition for each in span.ranges if records.get(each.partition, 0) != each.consumed]
    if not suspects:
        return ()
    counted: dict[tuple[Any, Any], int] = {}
    for table in _all_records(side):
        load_id = load_of(span.topic, table)
        query = select(table.c.kafka_partition, load_id, func.count()).group_by(table.c.kafka_partition, text("2"))
        for partition, load, count in connection.execute(query):
            counted[partition, load] = counted.get((partition, load), 0) + count
    batch, load = ledger.batch.c, ledger.load.c
    ranges = connection.execute(
        select(batch.partition, batch.load_id, batch.from_offset, batch.consumed)
        .join(ledger.load, load.load_id == batch.load_id)
        .where(
            batch.topic == span.topic,
            batch.partition.in_(suspects),
            load.publication.between(span.first, span.last),
        )
        .order_by(batch.partition, batch.from_offset)
    )
    wrong = [
        Place(partition, from_offset)
        for partition, load_id, from_offset, consumed in ranges
        if counted.get((partition, load_id), 0) != consumed
    ]
    return (Difference("ledger.batch", MISCOUNTED, len(wrong), places=tuple(wrong[:20])),)
