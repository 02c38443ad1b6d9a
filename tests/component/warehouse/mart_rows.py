"""Marts for tests: events put straight into core, marts built at a fixed time, and their rows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, text

from consumers.warehouse.marts.build import build_marts
from consumers.warehouse.marts.builds import Build
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.events import ensure_event_tables
from schemas.contract import Contract
from schemas.example_files import load_examples
from tests.component.warehouse.loads import CATALOG
from tests.samples import START, Event, event_id

NOW = datetime(2021, 6, 30, tzinfo=UTC)

_EXAMPLES = {event: next(each.payload for each in found if each.accepted) for event, found in load_examples().items()}
_numbers = itertools.count(1_000_000)


def built(engine: Engine, at: datetime = NOW, *, whole: bool = True) -> dict[str, Build]:
    """Every mart, built at that time; whole, since rows that were put straight into core belong to no load."""
    return {build.mart: build for build in build_marts(engine, clock=lambda: at, whole=whole)}


def put(engine: Engine, contract: Contract, events: Iterable[Event], *, load_id: int = 1, offset: int = 0) -> None:
    """Events straight into core, as loads leave them there, at the offsets from `offset` on."""
    lists = {child.name for child in contract.children}
    lineage = {"kafka_partition": 0, "schema_id": 1, "load_id": load_id, "kafka_timestamp": NOW}
    kept = list(events)
    rows = [
        {**{name: value for name, value in event.items() if name not in lists}, **lineage, "kafka_offset": at}
        for at, event in enumerate(kept, offset)
    ]
    with engine.begin() as connection:
        ensure_event_tables(connection, contract)
        connection.execute(insert(event_tables(contract).rows), rows)
        _put_lines(connection, contract, kept)


def _put_lines(connection: Connection, contract: Contract, events: list[Event]) -> None:
    for child, table in zip(contract.children, event_tables(contract).children, strict=True):
        names = [field.name for field in child.fields]
        lines = [
            {"event_id": event["event_id"], "line_no": at, **dict.fromkeys(names), **line}
            for event in events
            for at, line in enumerate(event[child.name], 1)
        ]
        if lines:
            connection.execute(insert(table), lines)


def put_changed(engine: Engine, event: str, *changes: Mapping[str, Any]) -> None:
    """An accepted example of the event for each of the changes, straight into core."""
    put(engine, CATALOG[event], changed_examples(event, *changes))


def changed_examples(event: str, *changes: Mapping[str, Any]) -> list[Event]:
    """An accepted example of the event for each of the changes, a minute apart from START unless they say another time.

    All are marked synthetic unless they say otherwise.
    """
    contract = CATALOG[event]
    empty: Event = dict.fromkeys(field.name for field in contract.fields)
    usual = {**empty, **{child.name: [] for child in contract.children}, **_EXAMPLES[event], "synthetic": True}
    return [
        {**usual, "event_id": event_id(next(_numbers)), "occurred_at": START + at * timedelta(minutes=1), **change}
        for at, change in enumerate(changes)
    ]


def mart(engine: Engine, name: str) -> list[dict[str, Any]]:
    """The mart's rows by its first two columns."""
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"select * from mart.{name} order by 1, 2")).mappings()]


def cells(engine: Engine, name: str, *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the mart, in their own order."""
    with engine.connect() as connection:
        found = connection.execute(text(f"select {', '.join(columns)} from mart.{name}")).all()
    return sorted((tuple(row) for row in found), key=str)


def kpis(engine: Engine, at: datetime = NOW) -> dict[str, dict[str, Any]]:
    """The figures after a build."""
    built(engine, at)
    return {row["key"]: row for row in mart(engine, "kpi")}


def ratio(figures: Mapping[str, Mapping[str, Any]], key: str) -> tuple[Any, Any, Any]:
    """Numerator, denominator and value of a figure."""
    return tuple(figures[key][name] for name in ("numerator", "denominator", "value"))
