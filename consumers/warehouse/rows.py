"""The statement that moves good rows from staging to core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, BigInteger, Connection, Select, Table, exists, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from consumers.warehouse.faults import CRITICAL
from consumers.warehouse.retention.horizon import without_expired
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.core import EVENT_ID, LOAD_ID, EventTables
from consumers.warehouse.tables.staging import StagingTables


def load_rows(connection: Connection, staging: StagingTables, core: EventTables) -> dict[int, int]:
    """Insert every staged row without a critical verdict whose event_id core never had, and its child lines.

    Of rows with the same event_id the one with the lowest partition and offset wins. Returns the number of rows
    inserted for each partition. One statement: the child lines of a repeat can never get in without their event.

    In the order of event_id, since looking each one up in the index, and putting it there, then takes less time than
    sorting does: of 300 000 rows 3.4 s in place of 4.0 s.
    """
    values = {**dict(staging.rows.c.items()), LOAD_ID: literal(staging.load_id, BigInteger())}
    rows = good_rows(staging).with_only_columns(*(values[column.name] for column in core.rows.columns))
    rows = without_expired(connection, core.rows.name, rows, staging.rows)
    ordered = rows.order_by(*(staging.rows.c[name] for name in (EVENT_ID, *POSITION)))
    return insert_once(connection, ordered, staging.children, core)


def insert_once(connection: Connection, rows: Select[Any], lines: Sequence[Table], core: EventTables) -> dict[int, int]:
    """Insert the rows, in their order, whose event_id the table does not have, and their child lines.

    `rows` selects the columns of `core.rows` in its order; `lines` are the staged tables of the contract's lists.
    Returns the number of rows inserted for each partition.
    """
    inserted = _insert_rows(rows, core.rows)
    counts = select(inserted.c.kafka_partition, func.count()).group_by(inserted.c.kafka_partition)
    for child, staged in zip(core.children, lines, strict=True):
        counts = counts.add_cte(_insert_lines(staged, child, inserted))
    return dict(connection.execute(counts).all())


def good_rows(staging: StagingTables) -> Select[tuple[object, ...]]:
    """Staged rows without a critical verdict."""
    rows, verdict = staging.rows.c, staging.verdict.c
    failed = exists().where(
        verdict.kafka_partition == rows.kafka_partition,
        verdict.kafka_offset == rows.kafka_offset,
        verdict.severity == CRITICAL,
    )
    return select(staging.rows).where(~failed)


def _insert_rows(rows: Select[Any], core: Table) -> CTE:
    return (
        insert(core)
        .from_select([column.name for column in core.columns], rows)
        .on_conflict_do_nothing(index_elements=[EVENT_ID])
        .returning(*(core.c[name] for name in POSITION))
        .cte("inserted")
    )


def _insert_lines(lines: Table, child: Table, inserted: CTE) -> CTE:
    names = [column.name for column in child.columns]
    of_inserted = select(*(lines.c[name] for name in names)).join(
        inserted,
        (inserted.c.kafka_partition == lines.c.kafka_partition) & (inserted.c.kafka_offset == lines.c.kafka_offset),
    )
    return insert(child).from_select(names, of_inserted).cte(f"inserted_{child.name}")
