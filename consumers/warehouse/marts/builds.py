"""The notes on builds in `ledger.mart_build`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, insert, select

from consumers.warehouse.tables.marts import CHANGED, UNCHANGED, mart_build


@dataclass(frozen=True)
class Build:
    """A build as it was noted; see the comments of `ledger.mart_build`."""

    mart: str
    built_at: datetime
    seconds: float
    kind: str
    rows: int
    days: frozenset[date] | None
    loads: Mapping[str, int]
    publications: Mapping[str, int]
    inputs: Mapping[str, str]
    content: str | None = None
    build_id: int = 0

    @property
    def touched(self) -> bool:
        """Whether the mart may be another than before."""
        return self.kind == CHANGED or (self.kind != UNCHANGED and self.days != frozenset())


def last_build(connection: Connection, mart: str) -> Build | None:
    """The mart's latest build, None before the first."""
    query = select(mart_build).where(mart_build.c.mart == mart).order_by(mart_build.c.build_id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return _build(row) if row else None


def builds_since(connection: Connection, marts: Collection[str], build_id: int) -> list[Build]:
    """Builds of these marts after the given one."""
    query = select(mart_build).where(mart_build.c.mart.in_(marts), mart_build.c.build_id > build_id)
    return [_build(row) for row in connection.execute(query).mappings()]


def note(connection: Connection, build: Build) -> None:
    """Write the build down."""
    values = {name: value for name, value in vars(build).items() if name != "build_id"}
    values |= {name: dict(values[name]) for name in ("loads", "publications", "inputs")}
    values["days"] = None if build.days is None else sorted(build.days)
    connection.execute(insert(mart_build).values(values))


def _build(row: RowMapping) -> Build:
    days = row["days"]
    return Build(**{**row, "days": None if days is None else frozenset(days)})
