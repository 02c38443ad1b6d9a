"""Core tables brought in line with a contract: created, widened by new fields, described."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Connection, Index, Table, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.types import TypeEngine

from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import CORE
from infra.errors import OperatorError
from schemas.contract import Contract

Change = Callable[[Operations], None]

log = logging.getLogger(__name__)

# Any number, the same for all callers: two who find the same column missing must go one after the other.
_LOCK = 5_020_210_624


class ColumnTypeChanged(OperatorError):
    """A field has another type than its column: a breaking change needs a new event name, not a new version."""


def ensure_event_tables(connection: Connection, contract: Contract) -> None:
    """Create or widen `core.<event>` and its child tables in the caller's transaction; nothing if they are up to date.

    A field the contract gained becomes a nullable column. A field it dropped keeps its column, which becomes nullable.
    Raises ColumnTypeChanged, FieldNameTaken.
    """
    tables = event_tables(contract).all
    if not any(True for table in tables for _ in _changes(connection, table)):
        return
    connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    operations = Operations(MigrationContext.configure(connection))
    for table in tables:
        for change in list(_changes(connection, table)):
            change(operations)
    log.info("Core tables brought in line", extra={"action": "evolve_event_tables", "event": contract.event})


def _changes(connection: Connection, table: Table) -> Iterator[Change]:
    """What has to be done to make the database's table the one given."""
    inspector = inspect(connection)
    if not inspector.has_table(table.name, schema=CORE):
        yield lambda operations: _create(operations, table)
        return
    there = {column["name"]: column for column in inspector.get_columns(table.name, schema=CORE)}
    yield from _column_changes(connection, table, there)
    yield from _index_changes(connection, table)
    if inspector.get_table_comment(table.name, schema=CORE)["text"] != table.comment:
        yield lambda operations: operations.create_table_comment(table.name, table.comment, schema=CORE)


def _create(operations: Operations, table: Table) -> None:
    table.create(operations.get_bind())


def _column_changes(connection: Connection, table: Table, there: Mapping[str, ReflectedColumn]) -> Iterator[Change]:
    for column in table.columns:
        if column.name not in there:
            yield _addition(table, column)
            continue
        found = there[column.name]
        if _spelt(connection, found["type"]) != _spelt(connection, column.type):
            raise ColumnTypeChanged(f"core.{table.name}.{column.name} is {_spelt(connection, found['type'])}")
        if found["comment"] != column.comment:
            yield _alteration(table, column.name, comment=column.comment)
        if column.nullable and not found["nullable"]:
            yield _alteration(table, column.name, nullable=True)
    for name in there.keys() - table.columns.keys():
        if not there[name]["nullable"]:
            yield _alteration(table, name, nullable=True)


def _index_changes(connection: Connection, table: Table) -> Iterator[Change]:
    there = {index["name"] for index in inspect(connection).get_indexes(table.name, schema=CORE)}
    for index in table.indexes:
        if index.name not in there:
            yield _creation(index)


def _creation(index: Index) -> Change:
    return lambda operations: index.create(operations.get_bind())


def _addition(table: Table, column: Column[Any]) -> Change:
    """Rows that are there already have no value for it, so it is nullable whatever the contract says."""
    added = Column(column.name, column.type, nullable=True, comment=column.comment)
    return lambda operations: operations.add_column(table.name, added, schema=CORE)


def _alteration(table: Table, name: str, **change: object) -> Change:
    return lambda operations: operations.alter_column(table.name, name, schema=CORE, **change)  # type: ignore[arg-type]


def _spelt(connection: Connection, column_type: TypeEngine[Any]) -> str:
    return column_type.compile(connection.dialect)
