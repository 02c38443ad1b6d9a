"""The records at which both sides differ, found in the parts that differ, and named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, case, func, insert, literal, null, or_, select

from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.rebuild.parts import Part, both, contents, within
from consumers.warehouse.rebuild.side import Side
from consumers.warehouse.rebuild.sides import Sides

CHANGED, MISSING, EXTRA, DOUBLED, MISCOUNTED = "changed", "missing", "extra", "doubled", "miscounted"
_NAMED = 20


@dataclass(frozen=True)
class Place:
    """Where a record came from in Kafka, and its event; lines without an event have no position."""

    partition: int | None
    offset: int | None
    event_id: UUID | None = None


@dataclass(frozen=True)
class Difference:
    """Records of a table that differ in one way.

    `changed`: what is there is not what the lake holds; `missing`: it should be there; `extra`: it should not;
    `doubled`: it is there more than once; `miscounted`: ranges of offsets of which the lake has another number of
    records than the ledger says were consumed.
    `columns` counts the records by column that differs, `places` are the first of them.
    """

    table: str
    kind: str
    records: int
    columns: Mapping[str, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()

    def __str__(self) -> str:
        first = ", ".join(f"{place.partition}/{place.offset}" for place in self.places[:3])
        return f"{self.table}: {self.records} {self.kind} (partition/offset {first})"


def find_differences(connection: Connection, side: Side, sides: Sides, parts: Sequence[Part]) -> None:
    """Put every record at which the two sides differ into `side.differs`; only parts that differ are looked at."""
    unequal = [part for part in parts if not part.is_equal]
    if not unequal:
        return
    rows = both(sides).subquery("rows")
    # A line without an event has no position, and is told apart by the event it names.
    orphan = case((rows.c.kafka_partition.is_(None), rows.c.event_id))
    live, rebuilt = contents(rows, rows.c.is_live), contents(rows, ~rows.c.is_live)
    place = (rows.c.kafka_partition, rows.c.kafka_offset)
    event_ids = func.array_remove(func.array_agg(rows.c.event_id.distinct()), null())
    kind = case(
        (live[0] == 0, MISSING),
        (rebuilt[0] == 0, EXTRA),
        (live[0] > (live[0] if sides.has_lines else rebuilt[0]), DOUBLED),
        else_=CHANGED,
    )
    query = (
        select(literal(sides.name), kind, *place, event_ids)
        .where(within(rows, unequal))
        .group_by(*place, orphan)
        .having(or_(*(one.is_distinct_from(other) for one, other in zip(live, rebuilt, strict=True))))
    )
    connection.execute(insert(side.differs).from_select([column.name for column in side.differs.columns], query))


def named_differences(connection: Connection, side: Side, all_sides: Iterable[Sides]) -> list[Difference]:
    """What find_differences found, by table and kind."""
    differs = side.differs.c
    found = connection.execute(
        select(differs.name, differs.kind, func.count())
        .group_by(differs.name, differs.kind)
        .order_by(differs.name, differs.kind)
    )
    tables = {sides.name: sides for sides in all_sides}
    return [
        Difference(
            table,
            kind,
            records,
            _columns(connection, side, tables[table]) if kind == CHANGED and not tables[table].has_lines else {},
            _places(connection, side, table, kind),
        )
        for table, kind, records in found
    ]


def _columns(connection: Connection, side: Side, sides: Sides) -> dict[str, int]:
    """Changed records by the columns that differ."""
    live, rebuilt = sides.tables
    differs = side.differs
    counts: list[ColumnElement[Any]] = [
        func.count().filter(live.c[name].is_distinct_from(rebuilt.c[name])).label(name) for name in sides.columns
    ]
    query = (
        select(*counts)
        .select_from(differs.join(live, same_position(live, differs)).join(rebuilt, same_position(rebuilt, differs)))
        .where(differs.c.name == sides.name, differs.c.kind == CHANGED)
    )
    if "topic" in live.c:
        query = query.where(live.c.topic == side.topic)
    return {name: count for name, count in connection.execute(query).mappings().one().items() if count}


def _places(connection: Connection, side: Side, table: str, kind: str) -> tuple[Place, ...]:
    differs = side.differs.c
    query = (
        select(differs.kafka_partition, differs.kafka_offset, differs.event_ids[1])
        .where(differs.name == table, differs.kind == kind)
        .order_by(differs.kafka_partition, differs.kafka_offset)
        .limit(_NAMED)
    )
    return tuple(Place(*row) for row in connection.execute(query))
