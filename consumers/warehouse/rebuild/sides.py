"""Each table twice: as it stands, and as the lake says it should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, Text, Uuid, and_, cast, func, or_, select

from consumers.warehouse.rebuild.side import Side
from consumers.warehouse.rebuild.span import Span
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.core import EVENT_ID, EventTables
from consumers.warehouse.tables.naming import CORE, QUARANTINE
from schemas.contract import Contract


@dataclass(frozen=True)
class Sides:
    """Two queries of the columns kafka_partition, kafka_offset, event_id, content: what is there, and what should be.

    `content` is a row as text. A line of an event has the position of its event, none when that is not in core. For a
    table of one row a record, `tables` are the two tables and `columns` what is compared of them.
    """

    name: str
    live: Select[Any]
    rebuilt: Select[Any]
    tables: tuple[Table, Table]
    columns: Sequence[str]
    has_lines: bool = False


def sides_of(contract: Contract, side: Side, span: Span, core: EventTables) -> Iterator[Sides]:
    """The event's core table, those of its lists, and its part of the quarantine."""
    yield _rows(contract, side, span, core)
    for live, rebuilt in zip(core.children, side.core.children, strict=True):
        yield _lines(contract, side, span, core, live, rebuilt)
    yield _entries(contract, side, span)


def _rows(contract: Contract, side: Side, span: Span, core: EventTables) -> Sides:
    """Columns that left the contract are not in the lake's answer and are not compared."""
    live, rebuilt = core.rows, side.core.rows
    columns = [column.name for column in rebuilt.columns]
    return Sides(
        f"{CORE}.{live.name}",
        _content(live, columns).where(span.concerns(live, contract.event)),
        _content(rebuilt, columns),
        (live, rebuilt),
        columns,
    )


def _lines(contract: Contract, side: Side, span: Span, core: EventTables, live: Table, rebuilt: Table) -> Sides:
    columns = [column.name for column in rebuilt.columns]
    parent, built = core.rows, side.core.rows
    source = live.outerjoin(parent, parent.c.event_id == live.c.event_id)
    source = source.outerjoin(built, built.c.event_id == live.c.event_id)
    in_span = span.concerns(parent, contract.event)
    orphan = parent.c.event_id.is_(None)
    concerned = or_(built.c.event_id.is_not(None), and_(parent.c.event_id.is_not(None), in_span))
    if span.whole:
        concerned = or_(concerned, orphan)
    place = [func.coalesce(built.c[name], parent.c[name]).label(name) for name in POSITION]
    return Sides(
        f"{CORE}.{live.name}",
        select(*place, live.c.event_id, _text_of(live, columns)).select_from(source).where(concerned),
        select(*(built.c[name] for name in POSITION), rebuilt.c.event_id, _text_of(rebuilt, columns)).join_from(
            rebuilt, built, built.c.event_id == rebuilt.c.event_id
        ),
        (live, rebuilt),
        columns,
        has_lines=True,
    )


def _entries(contract: Contract, side: Side, span: Span) -> Sides:
    """Of an entry only that is compared which the lake knows; its reasons and its fate are the quarantine's own."""
    live, rebuilt = quarantine.event, side.quarantine
    columns = [column.name for column in rebuilt.columns]
    concerned = and_(live.c.topic == contract.topic, span.concerns(live, contract.event))
    return Sides(
        f"{QUARANTINE}.{live.name}",
        _content(live, columns).where(concerned),
        _content(rebuilt, columns),
        (live, rebuilt),
        columns,
    )


def _content(table: Table, columns: Sequence[str]) -> Select[Any]:
    event_id = cast(table.c[EVENT_ID], Uuid)
    return select(*(table.c[name] for name in POSITION), event_id.label(EVENT_ID), _text_of(table, columns))


def _text_of(table: Table, columns: Sequence[str]) -> ColumnElement[str]:
    return cast(func.row(*(table.c[name] for name in columns)), Text).label("content")
