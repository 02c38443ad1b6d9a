"""A person's rows removed from core and quarantine, and the ledger's counts moved to erased, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from consumers.lake.traces import Traces, anywhere
from consumers.warehouse.balance import lock_watermarks
from consumers.warehouse.erasure.blocked import column_is_blocked, pseudonym_columns, set_apart_staged
from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.ledger import unfinished_loads
from consumers.warehouse.leftovers import has_staging
from consumers.warehouse.tables import erasure, ledger, quarantine
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.core import EVENT_ID, EventTables, event_tables
from consumers.warehouse.tables.staging import staging_tables
from schemas.contract import Contract

_OUTCOMES = (erasure.LOADED, erasure.DUPLICATE, erasure.QUARANTINED, erasure.REJECTED)
_MANY = 10_000


def remove(
    connection: Connection, contract: Contract, erasure_id: int, traces: Traces, in_lake: Mapping[int, frozenset[int]]
) -> dict[str, int]:
    """Remove the persons' rows of an event; how many records that were, by what the ledger had counted them as.

    `in_lake` are offsets erased from the lake, by partition. Rows of core and entries of the quarantine that the lake
    did not hold are found by themselves. Publishers wait; doing it again changes nothing. Loads that are staged keep
    the other records.
    """
    lock_watermarks(connection, contract.topic, _partitions(connection, contract.topic))
    core = event_tables(contract)
    found = _found_table()
    found.create(connection)
    _add(connection, found, [(p, offset) for p, offsets in in_lake.items() for offset in offsets])
    _add_from_core(connection, contract, core, found)
    _add(connection, found, list(_in_quarantine(connection, contract.topic, traces)))
    counts = _book(connection, contract, erasure_id, core, found)
    _delete(connection, contract.topic, core, found)
    for load_id in unfinished_loads(connection, contract.event):
        if has_staging(connection, staging := staging_tables(contract, load_id)):
            set_apart_staged(connection, contract, staging)
    return counts


def _partitions(connection: Connection, topic: str) -> list[int]:
    mark = ledger.watermark.c
    return list(connection.execute(select(mark.partition).where(mark.topic == topic)).scalars())


def _found_table() -> Table:
    """Positions to be erased, gone when the transaction ends."""
    return Table(
        "erased_now",
        MetaData(),
        Column("kafka_partition", Integer),
        Column("kafka_offset", BigInteger),
        PrimaryKeyConstraint(*POSITION),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def _add(connection: Connection, found: Table, positions: list[tuple[int, int]]) -> None:
    for start in range(0, len(positions), _MANY):
        rows = [dict(zip(POSITION, each, strict=True)) for each in positions[start : start + _MANY]]
        connection.execute(insert(found).on_conflict_do_nothing(), rows)


def _add_from_core(connection: Connection, contract: Contract, core: EventTables, found: Table) -> None:
    for table, name in pseudonym_columns(contract, core.rows, core.children):
        rows = select(*(core.rows.c[each] for each in POSITION)).where(column_is_blocked(table.c[name]))
        if table is not core.rows:
            rows = rows.join(table, table.c[EVENT_ID] == core.rows.c[EVENT_ID])
        connection.execute(insert(found).from_select(POSITION, rows.distinct()).on_conflict_do_nothing())


def _in_quarantine(connection: Connection, topic: str, traces: Traces) -> Iterator[tuple[int, int]]:
    """Entries that name the persons in their bytes or their content; read a part at a time."""
    of = quarantine.event.c
    query = select(of.kafka_partition, of.kafka_offset, of.raw, cast(of.payload, Text)).where(of.topic == topic)
    for partition, offset, raw, payload in connection.execute(query.execution_options(yield_per=_MANY)):
        if anywhere(raw or b"", traces) or anywhere((payload or "").encode(), traces):
            yield partition, offset


def _book(
    connection: Connection, contract: Contract, erasure_id: int, core: EventTables, found: Table
) -> dict[str, int]:
    """Positions on record, and the counts of their ranges moved from what they were to erased."""
    record, batch = erasure.erased_record, ledger.batch
    entry, rows, mark = quarantine.event, core.rows, ledger.watermark
    outcome = case(
        (entry.c.origin == quarantine.CHECK, erasure.QUARANTINED),
        (entry.c.origin == quarantine.LANDING, erasure.REJECTED),
        (rows.c[EVENT_ID].is_not(None), erasure.LOADED),
        (found.c.kafka_offset < mark.c.next_offset, erasure.DUPLICATE),
    )
    source = (
        found.outerjoin(entry, and_(entry.c.topic == contract.topic, same_position(entry, found)))
        .outerjoin(rows, same_position(rows, found))
        .outerjoin(mark, and_(mark.c.topic == contract.topic, mark.c.partition == found.c.kafka_partition))
    )
    values = select(
        literal(contract.topic),
        found.c.kafka_partition,
        found.c.kafka_offset,
        literal(contract.event),
        literal(erasure_id),
        outcome,
    ).select_from(source)
    names = ["topic", *POSITION, "event", "erasure_id", "outcome"]
    into = insert(record).from_select(names, values).on_conflict_do_nothing()
    booked = into.returning(*(record.c[name] for name in (*POSITION, "outcome"))).cte("booked")
    within = and_(
        batch.c.topic == contract.topic,
        batch.c.partition == booked.c.kafka_partition,
        batch.c.from_offset <= booked.c.kafka_offset,
        batch.c.next_offset > booked.c.kafka_offset,
    )
    counts = [func.count().filter(booked.c.outcome == name).label(name) for name in _OUTCOMES]
    sums = (
        select(batch.c.partition, batch.c.next_offset, *counts)
        .join(booked, within)
        .where(booked.c.outcome.is_not(None))
        .group_by(batch.c.partition, batch.c.next_offset)
        .cte("sums")
    )
    moved = {name: batch.c[name] - sums.c[name] for name in _OUTCOMES}
    total = sum((sums.c[name] for name in _OUTCOMES[1:]), sums.c[_OUTCOMES[0]])
    of_range = (
        (batch.c.topic == contract.topic)
        & (batch.c.partition == sums.c.partition)
        & (batch.c.next_offset == sums.c.next_offset)
    )
    change = update(batch).where(of_range).values(**moved, erased=batch.c.erased + total)
    changed = connection.execute(change.returning(*(sums.c[name] for name in _OUTCOMES))).all()
    return {name: sum(row[at] for row in changed) for at, name in enumerate(_OUTCOMES)}


def _delete(connection: Connection, topic: str, core: EventTables, found: Table) -> None:
    gone = select(core.rows.c[EVENT_ID]).join(found, same_position(found, core.rows))
    for child in core.children:
        connection.execute(delete(child).where(child.c[EVENT_ID].in_(gone)))
    connection.execute(delete(core.rows).where(core.rows.c[EVENT_ID].in_(gone)))
    entry = quarantine.event
    connection.execute(delete(entry).where(entry.c.topic == topic, same_position(entry, found)))
