"""What a replay makes of the entries it took: closed as loaded or duplicate, or open still with today's reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Update, case, func, select, update

from consumers.warehouse.failed_rows import failed_rules, same_position
from consumers.warehouse.rows import good_rows
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.core import EVENT_ID, EventTables
from consumers.warehouse.tables.staging import StagingTables


@dataclass(frozen=True)
class Closing:
    """Who has the entries closed, and why, in words for those who read the quarantine later.

    `repair_id` is the repair it belongs to (repair.py), which says who approved that.
    """

    by: str
    reason: str
    repair_id: int | None = None


def lock_open_entries(connection: Connection, topic: str, staging: StagingTables) -> int:
    """Lock the staged rows' entries until the transaction ends, in one order for all; how many are as they were.

    An entry that was closed, or checked by a later load, since this one began is not counted.
    """
    entry = quarantine.event.c
    open_still = (
        select(entry.id)
        .join(staging.rows, same_position(quarantine.event, staging.rows))
        .where(entry.topic == topic, entry.status == quarantine.OPEN, entry.last_tried_load_id < staging.load_id)
        .order_by(entry.id)
        .with_for_update(of=quarantine.event)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(open_still)).scalar_one()


def close_entries(
    connection: Connection, topic: str, staging: StagingTables, core: EventTables, closing: Closing
) -> dict[str, int]:
    """Close the entries of all rows that passed; how many were closed by outcome.

    To be called when the rows are in core: those that are there by this load are `loaded`, others `duplicate`.
    """
    good = good_rows(staging).subquery("good")
    rows, entry = core.rows, quarantine.event
    loaded = (
        select(rows.c[EVENT_ID])
        .where(rows.c[EVENT_ID] == good.c[EVENT_ID], rows.c.load_id == staging.load_id, same_position(rows, good))
        .correlate(good)
        .exists()
    )
    statement = (
        update(entry)
        .where(entry.c.topic == topic, same_position(entry, good))
        .values(
            status=quarantine.REPLAYED,
            outcome=case((loaded, quarantine.LOADED), else_=quarantine.DUPLICATE),
            closed_at=func.now(),
            closed_by=closing.by,
            close_reason=closing.reason,
            closed_repair_id=closing.repair_id,
            closed_load_id=staging.load_id,
            **_tried(staging.load_id),
        )
        .returning(entry.c.outcome)
        .cte("closed")
    )
    counted = select(statement.c.outcome, func.count()).group_by(statement.c.outcome)
    return dict(connection.execute(counted).all())


def keep_open(connection: Connection, topic: str, staging: StagingTables) -> int:
    """Give the entries of all rows that failed again the rules and reasons they fail for now; how many there are."""
    failed = failed_rules(staging)
    entry = quarantine.event
    said = ("rule", "field", "reason_en", "reason_vi", "rules", "missing_references")
    statement: Update = (
        update(entry)
        .where(entry.c.topic == topic, same_position(entry, failed))
        .values(**{name: failed.c[name] for name in said}, tries=entry.c.tries + 1, **_tried(staging.load_id))
    )
    return connection.execute(statement).rowcount


def open_by_rule(connection: Connection, event: str, load_id: int) -> dict[str, int]:
    """Open entries of the event that this load checked last, by the first rule they broke, the most frequent first."""
    entry = quarantine.event.c
    query = (
        select(entry.rule, func.count())
        .where(entry.event == event, entry.status == quarantine.OPEN, entry.last_tried_load_id == load_id)
        .group_by(entry.rule)
        .order_by(func.count().desc(), entry.rule)
    )
    return dict(connection.execute(query).all())


def _tried(load_id: int) -> dict[str, Any]:
    return {"last_tried_load_id": load_id, "last_tried_at": func.now()}
