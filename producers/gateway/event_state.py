"""What became of an event, as the warehouse knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, column, func, select

from infra.access.connect import access_errors

_COLUMNS = (
    "state",
    "source",
    "kafka_partition",
    "kafka_offset",
    "load_id",
    "since",
    "rules",
    "reason_en",
    "reason_vi",
    "waits_for",
    "tries",
    "close_reason",
)


@dataclass(frozen=True)
class EventState:
    """`state` is `loaded`, `quarantined` or `discarded`, `since` when that came about; the rules and what follows are
    None or empty for a loaded one. `waits_for` names the reference lists that lack a code of it.
    """

    state: str
    source: str | None
    kafka_partition: int
    kafka_offset: int
    load_id: int
    since: datetime
    rules: list[str] | None
    reason_en: str | None
    reason_vi: str | None
    waits_for: list[str] | None
    tries: int | None
    close_reason: str | None


def event_state(engine: Engine, event: str, event_id: UUID) -> EventState | None:
    """The event's state; None while the warehouse has not got it. Raises AccessUnavailable."""
    asked = func.access.event_state(event, event_id).table_valued(*map(column, _COLUMNS))
    with access_errors(), engine.connect() as connection:
        row = connection.execute(select(asked)).first()
    return None if row is None else EventState(*row)
