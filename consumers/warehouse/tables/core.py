"""Core tables, made from contracts: `core.<event>`, and `core.<event>_<list>` for each list of records in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, MetaData, Table, Uuid

from consumers.warehouse.tables.columns import LINE_NO, LINEAGE, field_column, table_comment
from consumers.warehouse.tables.naming import CORE, new_metadata
from infra.errors import OperatorError
from schemas.contract import Contract

EVENT_ID, OCCURRED_AT, LOAD_ID = "event_id", "occurred_at", "load_id"


class FieldNameTaken(OperatorError):
    """A field has the name of a column that the platform adds itself: rename the field in the contract."""


@dataclass(frozen=True)
class EventTables:
    """`children` is in the order of the contract's lists."""

    rows: Table
    children: tuple[Table, ...]

    @property
    def all(self) -> tuple[Table, ...]:
        """Every table of the event."""
        return (self.rows, *self.children)


def event_tables(contract: Contract) -> EventTables:
    """Core tables of the contract as it is today; raises FieldNameTaken."""
    tables = tables_named(contract.event, contract, CORE)
    # Rows come load by load and about in the order of time: BRIN finds both, and costs a load next to nothing.
    for name in (OCCURRED_AT, LOAD_ID):
        Index(f"{contract.event}_{name}_idx", tables.rows.c[name], postgresql_using="brin")
    return tables


def tables_named(
    name: str, contract: Contract, schema: str, prefixes: tuple[str, ...] = (), metadata: MetaData | None = None
) -> EventTables:
    """Tables with the columns and keys of core's, but no other index, by another name; raises FieldNameTaken."""
    _refuse_taken_names(contract)
    metadata = new_metadata() if metadata is None else metadata
    rows = Table(
        name,
        metadata,
        *(field_column(field, primary_key=field.name == EVENT_ID) for field in contract.fields),
        *_lineage(),
        prefixes=list(prefixes),
        schema=schema,
        comment=table_comment(contract),
    )
    children = tuple(
        Table(
            f"{name}_{child.name}",
            metadata,
            Column(EVENT_ID, Uuid, primary_key=True, comment="Event the line belongs to. / Sự kiện chứa dòng này."),
            Column(
                LINE_NO,
                Integer,
                primary_key=True,
                autoincrement=False,
                comment="Place in the list, from 1. / Thứ tự dòng.",
            ),
            *(field_column(field) for field in child.fields),
            prefixes=list(prefixes),
            schema=schema,
            comment=table_comment(child),
        )
        for child in contract.children
    )
    return EventTables(rows, children)


def _lineage() -> tuple[Column[Any], ...]:
    return (
        Column("kafka_partition", Integer, nullable=False, comment="Kafka partition. / Phân vùng Kafka."),
        Column("kafka_offset", BigInteger, nullable=False, comment="Kafka offset. / Vị trí trong phân vùng."),
        Column(
            "schema_id", Integer, nullable=False, comment="Writer schema in the registry. / Mã lược đồ của bên gửi."
        ),
        Column("load_id", BigInteger, nullable=False, comment="Load that wrote it (ledger.load). / Lần nạp đã ghi."),
        Column(
            "kafka_timestamp",
            DateTime(timezone=True),
            nullable=False,
            comment="When Kafka took it. / Thời điểm Kafka nhận.",
        ),
    )


def _refuse_taken_names(contract: Contract) -> None:
    taken = {field.name for field in contract.fields} & set(LINEAGE)
    for child in contract.children:
        taken |= {f"{child.name}.{field.name}" for field in child.fields if field.name in _CHILD_COLUMNS}
    if taken:
        raise FieldNameTaken(f"{contract.topic}: {', '.join(sorted(taken))}")


_CHILD_COLUMNS = {EVENT_ID, LINE_NO, "kafka_partition", "kafka_offset"}
