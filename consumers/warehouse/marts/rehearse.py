"""Which marts and figures a replay would change: they are built in its transaction, which is rolled back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, column, func, select, table, text, update

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.marts.build import Clock, alone, build_in
from consumers.warehouse.marts.builds import Build
from consumers.warehouse.marts.files import MartFile, events_of, load_marts
from consumers.warehouse.replay_publish import ReplayResult
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.naming import MART
from schemas.contract import Contract

# No load takes this place: loads that are published meanwhile need not wait for the end of the rehearsal.
_NO_PLACE = 2**62
_FIGURE = ("key", "name_en", "name_vi", "unit", "value", "numerator", "denominator")
_KPI = table("kpi", *map(column, _FIGURE), schema=MART)


@dataclass(frozen=True)
class MartChange:
    """A mart that would be another; `days` is how many of its days were filled anew, None when all of it was."""

    mart: str
    rows_before: int
    rows_after: int
    days: int | None


@dataclass(frozen=True)
class FigureChange:
    """A key figure that would be another; None is no value, as of a ratio of nothing."""

    key: str
    name_en: str
    name_vi: str
    unit: str
    before: Decimal | None
    after: Decimal | None


@dataclass
class FigureWatch:
    """A replay_publish.Watch; `marts` and `figures` are known when the rehearsal is over.

    `reads` are all marts with the events they are made from, in order.
    """

    engine: Engine
    event: str
    reads: list[tuple[MartFile, set[str]]]
    clock: Clock
    held: ExitStack
    marts: list[MartChange] = field(default_factory=list)
    figures: list[FigureChange] = field(default_factory=list)
    _before: dict[str, Build] = field(default_factory=dict, init=False)
    _figures_before: Mapping[str, Any] = field(default_factory=dict, init=False)

    def before(self, connection: Connection) -> None:
        """Bring the marts up to date without the replay, so that only its own changes are told."""
        self.held.enter_context(alone(self.engine))
        connection.execute(text("set local work_mem = '64MB'"))
        self._before = self._build(connection, self.reads)
        self._figures_before = _figures(connection)

    def after(self, connection: Connection, result: ReplayResult) -> None:
        """Bring the marts up to date with what the replay has loaded, and compare."""
        if not result.loaded:
            return
        load = ledger.load
        as_published = {"state": ledger.PUBLISHED, "publication": _NO_PLACE, **result.counts()}
        connection.execute(update(load).where(load.c.load_id == result.load_id).values(as_published))
        builds = self._build(connection, [each for each in self.reads if self.event in each[1]])
        self.marts = [_mart_change(self._before[mart], after) for mart, after in builds.items() if after.touched]
        self.figures = list(_changes(self._figures_before, _figures(connection)))

    def _build(self, connection: Connection, reads: Iterable[tuple[MartFile, set[str]]]) -> dict[str, Build]:
        builds = {}
        for mart, events in reads:
            builds[mart.name] = build_in(connection, mart, events, self.clock)
            connection.execute(text("drop table if exists pg_temp.changed, pg_temp.reopened"))
        return builds


@contextmanager
def watching_figures(
    engine: Engine, catalog: Mapping[str, Contract], event: str, clock: Clock
) -> Iterator[FigureWatch]:
    """To be given to a rehearsal of this event; other builds of marts wait from its beginning until the end.

    Raises MartInvalid, WarehouseUnavailable.
    """
    marts = load_marts()
    by_name = {mart.name: mart for mart in marts}
    reads = [(mart, events_of(mart, by_name)) for mart in marts]
    with warehouse_errors(), engine.begin() as connection:
        for contract in catalog.values():
            ensure_event_tables(connection, contract)
    with ExitStack() as held:
        yield FigureWatch(engine, event, reads, clock, held)


def _mart_change(before: Build, after: Build) -> MartChange:
    return MartChange(after.mart, before.rows, after.rows, None if after.days is None else len(after.days))


def _figures(connection: Connection) -> dict[str, Any]:
    """Rows of mart.kpi by key; empty before it was ever built."""
    if connection.execute(select(func.to_regclass(f"{MART}.kpi"))).scalar_one() is None:
        return {}
    return {row.key: row for row in connection.execute(select(_KPI))}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FigureChange]:
    for key, now in sorted(after.items()):
        was = before.get(key)
        if was is None or (was.value, was.numerator, was.denominator) != (now.value, now.numerator, now.denominator):
            yield FigureChange(key, now.name_en, now.name_vi, now.unit, was.value if was else None, now.value)
