"""Reading the quarantine: its entries, and what causes them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, column, select, table

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.replay_choice import CauseKey
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.naming import QUARANTINE


@dataclass(frozen=True)
class Entry:
    """One quarantined record; `payload` is None when it could not be decoded.

    `missing_references` names the lists it waits for if nothing else is wrong with it. `outcome` and those after it say
    what became of it once it is no longer open.
    """

    id: int
    quarantined_at: datetime
    event: str
    kafka_partition: int
    kafka_offset: int
    origin: str
    rule: str
    reason_en: str
    reason_vi: str
    missing_references: list[str]
    tries: int
    last_tried_at: datetime
    payload: dict[str, Any] | None
    status: str
    outcome: str | None
    closed_at: datetime | None
    closed_by: str | None
    close_reason: str | None
    closed_load_id: int | None


@dataclass(frozen=True)
class Cause:
    """A rule of an event and how many open entries it has put into the quarantine; see the view's comments.

    `cause_class` is `rule_broken`, `reference_missing`, `not_storable`, `undecodable` or `not_authorised`.
    """

    event: str
    cause_class: str
    origin: str
    rule: str
    field: str | None
    missing_references: list[str]
    records: int
    tried_again: int
    sample_ids: list[int]
    example_en: str
    example_vi: str
    first_at: datetime
    last_at: datetime
    last_tried_at: datetime

    @property
    def key(self) -> CauseKey:
        """What a choice of its entries names."""
        return CauseKey(self.origin, self.rule, self.field, tuple(self.missing_references))

    @property
    def title(self) -> str:
        """Tells it from every other cause, in one line."""
        about = "" if self.field is None or self.rule.startswith(self.field) else f" ({self.field})"
        waits = f", waits for {', '.join(self.missing_references)}" if self.missing_references else ""
        return f"{self.event}: {self.rule}{about}{waits}"


def newest_entries(
    engine: Engine, *, event: str | None = None, limit: int = 50, status: str = quarantine.OPEN
) -> list[Entry]:
    """The entries of that status, of one event if it is named, the newest first; raises WarehouseUnavailable."""
    of = quarantine.event.c
    query = select(*(of[field.name] for field in fields(Entry))).where(of.status == status)
    if event is not None:
        query = query.where(of.event == event)
    with warehouse_errors(), engine.connect() as connection:
        found = connection.execute(query.order_by(of.quarantined_at.desc(), of.id.desc()).limit(limit))
        return [Entry(*row) for row in found]


def open_causes(engine: Engine, *, event: str | None = None) -> list[Cause]:
    """Why open entries are there, the most frequent cause first; raises WarehouseUnavailable."""
    names = ["class" if field.name == "cause_class" else field.name for field in fields(Cause)]
    view = table("open_by_cause", *map(column, names), schema=QUARANTINE)
    query = select(view).order_by(view.c.records.desc(), view.c.event, view.c.rule)
    if event is not None:
        query = query.where(view.c.event == event)
    with warehouse_errors(), engine.connect() as connection:
        return [Cause(*row) for row in connection.execute(query)]
