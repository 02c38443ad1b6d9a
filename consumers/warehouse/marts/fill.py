"""Fills a mart's table, whole or for what new loads touched, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    Column,
    Connection,
    Date,
    MetaData,
    Table,
    TableClause,
    Text,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from consumers.warehouse.marts.files import ChangedFill, MartFile, whole_fill
from consumers.warehouse.tables.marts import CHANGED, WHOLE
from consumers.warehouse.tables.naming import MART

HASHED_ROWS = 10_000
"""Marts up to this size are compared with their former content after a build; larger ones are taken to have changed."""


@dataclass(frozen=True)
class Filled:
    """What was done; rows of the mart afterwards, the days that may differ from before (None for any), and its hash."""

    kind: str
    rows: int
    days: frozenset[date] | None
    content: str | None = None


def fill_whole(connection: Connection, mart: MartFile, former: str | None) -> Filled:
    """Make the table where there is none, and fill it from all of core; `former` is the hash it had."""
    _run(connection, mart.table)
    if mart.changed is not None:
        connection.execute(delete(_table(mart)))
        _run(connection, whole_fill(mart.changed))
        connection.execute(text(f'analyze {MART}."{mart.name}"'))
    rows: int = connection.execute(select(func.count()).select_from(_table(mart))).scalar_one()
    content = _content(connection, mart) if rows <= HASHED_ROWS else None
    is_same = content is not None and content == former
    return Filled(WHOLE, rows, frozenset() if is_same else None, content)


def fill_changed(
    connection: Connection,
    mart: MartFile,
    changed: ChangedFill,
    new_loads: Collection[int],
    reopened: Collection[date],
    rows: int,
) -> Filled | None:
    """Fill anew what the new loads touched, and the days reopened by the marts it reads; None when that is nothing.

    `rows` is how many the mart has.
    """
    connection.execute(select(func.set_config("hagiang.new_loads", "{" + ",".join(map(str, new_loads)) + "}", True)))
    _make_reopened(connection, reopened)
    _run(connection, changed.find)
    connection.execute(text("analyze changed"))
    before = _days(connection, changed)
    key = [column(name, Text) for name in changed.key]
    touched = tuple_(*key).in_(select(*key).select_from(table("changed")))
    deleted = connection.execute(delete(_table(mart)).where(touched)).rowcount
    inserted = _run(connection, changed.fill)
    if not deleted and not inserted:
        return None
    after = _days(connection, changed)
    return Filled(CHANGED, rows - deleted + inserted, None if before is None or after is None else before | after)


def _content(connection: Connection, mart: MartFile) -> str:
    """Hash of the mart's rows."""
    whole_row = _table(mart).alias("whole_row")  # by a name that no column has, so that it means the row
    line = cast(column(whole_row.name), Text)
    query = select(func.md5(func.string_agg(line, aggregate_order_by(literal("\n"), line)))).select_from(whole_row)
    return str(connection.execute(query).scalar_one())


def _make_reopened(connection: Connection, days: Collection[date]) -> None:
    reopened = Table("reopened", MetaData(), Column("day", Date), prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
    reopened.create(connection)
    if days:
        connection.execute(insert(reopened), [{"day": day} for day in days])


def _days(connection: Connection, changed: ChangedFill) -> frozenset[date] | None:
    if changed.days is None:
        return None
    found = connection.exec_driver_sql(_escaped(changed.days)).scalars()
    return frozenset(day for day in found if day is not None)


def _run(connection: Connection, sql: str) -> int:
    """Run statements of a file; returns the rows of a single one."""
    return connection.exec_driver_sql(_escaped(sql)).rowcount


def _escaped(sql: str) -> str:
    """The driver takes a single percent sign for a parameter, in comments too."""
    return sql.replace("%", "%%")


def _table(mart: MartFile) -> TableClause:
    return table(mart.name, schema=MART)
