"""What the quarantine says of a staged row that broke a critical rule."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import reduce
from itertools import chain
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    FromClause,
    Function,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from consumers.warehouse.faults import CRITICAL, RULE
from consumers.warehouse.tables.columns import LINE_NO, POSITION
from consumers.warehouse.tables.core import EVENT_ID
from consumers.warehouse.tables.staging import StagingTables
from schemas.contract import Contract

# A function of PostgreSQL takes a hundred arguments.
_PAIRS = 50
_ROW_LINEAGE = [*POSITION, "kafka_timestamp", "schema_id"]
_LINE_LINEAGE = [*POSITION, EVENT_ID, LINE_NO]


def raw_table() -> Table:
    """A temporary table for the bytes of bad rows, gone when the transaction ends."""
    return Table(
        "raw_datum",
        MetaData(),
        Column("kafka_partition", Integer),
        Column("kafka_offset", BigInteger),
        Column("raw", LargeBinary),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def failed_rules(staging: StagingTables) -> CTE:
    """One row for each staged row with a critical verdict: its main rule and field, the reasons, all rules it broke.

    The main rule is `storable` if it is among them, since other rules then saw a null in place of the value.
    `missing_references` names the lists that lack a code, when nothing else that is critical is wrong; else it is
    empty.
    """
    verdict = staging.verdict.c
    critical = verdict.severity == CRITICAL
    first = func.min(verdict.rule).filter(critical)
    return (
        select(
            verdict.kafka_partition,
            verdict.kafka_offset,
            func.coalesce(func.min(verdict.rule).filter(verdict.rule == RULE), first).label("rule"),
            _main_field(verdict.field, verdict.rule, critical).label("field"),
            _joined(verdict.reason_en, verdict.rule).filter(critical).label("reason_en"),
            _joined(verdict.reason_vi, verdict.rule).filter(critical).label("reason_vi"),
            func.array_agg(verdict.rule.distinct()).label("rules"),
            _missing_references(verdict.reference, critical).label("missing_references"),
        )
        .group_by(verdict.kafka_partition, verdict.kafka_offset)
        .having(func.bool_or(critical))
        .cte("failed")
    )


def _main_field(field: ColumnElement[Any], rule: ColumnElement[str], critical: ColumnElement[bool]) -> Any:
    """The field of the main rule."""
    in_order = aggregate_order_by(field, (rule == RULE).desc(), rule, field)
    return func.array_agg(in_order, type_=ARRAY(Text)).filter(critical)[1]


def _missing_references(reference: ColumnElement[Any], critical: ColumnElement[bool]) -> ColumnElement[Any]:
    nothing_else = func.bool_and(reference.is_not(None)).filter(critical)
    lists = func.array_agg(reference.distinct(), type_=ARRAY(Text)).filter(critical)
    return case((nothing_else, lists), else_=cast([], ARRAY(Text)))


def _joined(reason: ColumnElement[str], rule: ColumnElement[str]) -> Function[Any]:
    return func.string_agg(reason, aggregate_order_by(literal("; "), rule, reason))


def payload_of(contract: Contract, staging: StagingTables, failed: CTE) -> tuple[ColumnElement[Any], FromClause]:
    """The decoded row as jsonb, its child lines in it as lists, and the tables it is selected from."""
    rows = staging.rows
    source: FromClause = rows.join(failed, same_position(failed, rows))
    payload = _document(rows, _ROW_LINEAGE)
    for child, lines in zip(contract.children, staging.children, strict=True):
        lists = _lists(lines, failed)
        source = source.outerjoin(lists, same_position(lists, rows))
        of_row = func.coalesce(lists.c.lines, cast(literal("[]"), JSONB))
        payload = payload.concat(func.jsonb_build_object(child.name, of_row))
    return payload, source


def _lists(lines: Table, failed: CTE) -> FromClause:
    """Child lines of the failed rows, one list a row."""
    line = _document(lines, _LINE_LINEAGE)
    return (
        select(
            lines.c.kafka_partition,
            lines.c.kafka_offset,
            func.jsonb_agg(aggregate_order_by(line, lines.c.line_no)).label("lines"),
        )
        .select_from(lines.join(failed, same_position(failed, lines)))
        .group_by(lines.c.kafka_partition, lines.c.kafka_offset)
        .subquery()
    )


def _document(table: Table, left_out: Collection[str]) -> ColumnElement[Any]:
    """The row's other columns as jsonb.

    Column by column: of whole rows PostgreSQL would first put together all that are staged, the good ones too.
    """
    columns = [column for column in table.columns if column.name not in left_out]
    parts = (columns[start : start + _PAIRS] for start in range(0, len(columns), _PAIRS))
    return reduce(ColumnElement.concat, map(_object, parts))


def _object(columns: Iterable[ColumnElement[Any]]) -> ColumnElement[Any]:
    pairs = ((literal(column.name, Text), column) for column in columns)
    return func.jsonb_build_object(*chain.from_iterable(pairs), type_=JSONB())


def same_position(left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """Whether both rows are of the same Kafka record."""
    return (left.c.kafka_partition == right.c.kafka_partition) & (left.c.kafka_offset == right.c.kafka_offset)
