"""What the ledger keeps of rebuilds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from consumers.warehouse.rebuild.compare import Comparison
from consumers.warehouse.rebuild.span import Span
from consumers.warehouse.tables.rebuild import ABANDONED, RUNNING, rebuild


def begin(connection: Connection, event: str, run_id: str, span: Span) -> int:
    """A new rebuild; returns its number."""
    loads = {"first_publication": span.first, "last_publication": span.last}
    values = {"event": event, "run_id": run_id, "state": RUNNING, **loads}
    number: int = connection.execute(insert(rebuild).values(values).returning(rebuild.c.rebuild_id)).scalar_one()
    return number


def give_up_others(connection: Connection, event: str) -> list[int]:
    """Rebuilds of the event that died, now on record as such. To be called by the only one that runs."""
    dead = (
        update(rebuild)
        .where(rebuild.c.event == event, rebuild.c.state == RUNNING)
        .values(state=ABANDONED, ended_at=func.now())
        .returning(rebuild.c.rebuild_id)
    )
    return list(connection.execute(dead).scalars())


def end(
    connection: Connection, rebuild_id: int, state: str, records: int, found: Comparison, swapped_rows: int = 0
) -> None:
    """How it ended."""
    values = {"state": state, "records": records, "swapped_rows": swapped_rows, "found": as_json(found)}
    connection.execute(
        update(rebuild).where(rebuild.c.rebuild_id == rebuild_id).values(**values, ended_at=func.clock_timestamp())
    )


def state_of(connection: Connection, rebuild_id: int) -> str:
    """Its state."""
    return str(connection.execute(select(rebuild.c.state).where(rebuild.c.rebuild_id == rebuild_id)).scalar_one())


def as_json(found: Comparison) -> dict[str, Any]:
    """Totals of both sides, parts that differ, differences, and what today's rules say otherwise."""
    return {
        "tables": {
            table: {
                "live": {"rows": live.rows, "hash": live.hash},
                "rebuilt": {"rows": rebuilt.rows, "hash": rebuilt.hash},
            }
            for table, (live, rebuilt) in found.totals().items()
        },
        "parts": [
            {
                "table": part.table,
                "partition": part.partition,
                "from_offset": part.from_offset,
                "live": part.live.rows,
                "rebuilt": part.rebuilt.rows,
            }
            for part in found.parts
            if not part.is_equal
        ],
        "differences": [
            {
                "table": each.table,
                "kind": each.kind,
                "records": each.records,
                "columns": dict(each.columns),
                "places": [
                    {
                        "partition": place.partition,
                        "offset": place.offset,
                        "event_id": None if place.event_id is None else str(place.event_id),
                    }
                    for place in each.places
                ],
            }
            for each in found.differences
        ],
        "rejected_today": dict(found.rejected_today),
        "accepted_today": dict(found.accepted_today),
    }
