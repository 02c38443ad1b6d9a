"""Keeps erased persons out: their records leave the staging tables, and the ledger counts them as erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    union,
    update,
)
from sqlalchemy.dialects import postgresql

from consumers.warehouse.balance import staged_rows
from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.erasure import erased_record, erasure
from consumers.warehouse.tables.staging import StagingTables
from schemas.contract import Contract
from schemas.pseudonym_fields import pseudonym_fields


def set_apart(connection: Connection, contract: Contract, staging: StagingTables) -> Mapping[int, int]:
    """Move staged records that may not be loaded to `staging.erased`; how many that were, by partition.

    Those are records of persons whose erasure has begun, and records at positions that were erased once, decodable or
    not. A warehouse that never erased anything is asked two short questions.
    """
    found = [
        select(*_position(table)).where(_is_at_erased(contract.topic, table)) for table in _if_any(connection, staging)
    ]
    found += [
        select(*_position(table)).where(column_is_blocked(table.c[name]))
        for table, name in pseudonym_columns(contract, staging.rows, staging.children)
        if _any_person(connection)
    ]
    if not found:
        return {}
    before = staged_rows(connection, staging.erased)
    positions = union(*found).subquery()
    connection.execute(insert(staging.erased).from_select(POSITION, select(positions)))
    for table in (staging.rows, *staging.children, staging.rejects, staging.verdict):
        connection.execute(delete(table).where(same_position(table, staging.erased)))
    after = staged_rows(connection, staging.erased)
    moved = {partition: count - before.get(partition, 0) for partition, count in after.items()}
    return {partition: count for partition, count in moved.items() if count}


def set_apart_staged(connection: Connection, contract: Contract, staging: StagingTables) -> None:
    """As set_apart, for a load whose ranges are on record: what they say of rejects is brought in line."""
    if not set_apart(connection, contract, staging):
        return
    ranges, rejects = ledger.load_range, staging.rejects
    left = select(func.count()).select_from(rejects).where(rejects.c.kafka_partition == ranges.c.partition)
    of_load = ranges.c.load_id == staging.load_id
    connection.execute(update(ranges).where(of_load).values(rejected=left.scalar_subquery()))


def note_erased(connection: Connection, contract: Contract, staging: StagingTables) -> None:
    """Put on record which positions a load kept out; those of an erasure stand there already."""
    rows = select(literal(contract.topic), literal(contract.event), *_position(staging.erased))
    into = postgresql.insert(erased_record).from_select(["topic", "event", *POSITION], rows)
    connection.execute(into.on_conflict_do_nothing())


def pseudonym_columns(contract: Contract, rows: Table, children: tuple[Table, ...]) -> Iterator[tuple[Table, str]]:
    """Tables and columns that hold pseudonyms, of core or of staging."""
    lists = dict(zip((child.name for child in contract.children), children, strict=True))
    for child, name in pseudonym_fields(contract):
        yield rows if child is None else lists[child], name


def column_is_blocked(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a pseudonym is that of a person whose erasure has begun."""
    trace = func.encode(func.sha256(func.convert_to(func.lower(column), "UTF8")), "hex")
    return trace.in_(select(func.unnest(erasure.c.traces)).where(erasure.c.started_at.is_not(None)))


def _if_any(connection: Connection, staging: StagingTables) -> tuple[Table, ...]:
    """The tables that records at erased positions may be in, none when nothing was erased yet."""
    any_record = connection.execute(select(exists(select(erased_record.c.topic)))).scalar_one()
    return (staging.rows, staging.rejects) if any_record else ()


def _any_person(connection: Connection) -> bool:
    begun = select(erasure.c.erasure_id).where(erasure.c.started_at.is_not(None))
    return bool(connection.execute(select(exists(begun))).scalar_one())


def _is_at_erased(topic: str, table: FromClause) -> ColumnElement[bool]:
    query = select(erased_record.c.topic).where(erased_record.c.topic == topic, same_position(erased_record, table))
    return query.correlate(table).exists()


def _position(table: FromClause) -> tuple[ColumnElement[Any], ...]:
    return tuple(table.c[name] for name in POSITION)
