"""Rows of the outbox: which wait, and what has become of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from producers.outbox.tables import REASON_CHARACTERS, State, outbox

# Oracle takes 1 000 values in a list, SQL Server 2 100 in a statement.
IDS_A_STATEMENT = 500


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row that waits; `payload` is the event as JSON, without its event_id."""

    id: int
    event_id: str
    event: str
    payload: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that will never be published as it is, and why."""

    id: int
    reason: str


def waiting_rows(connection: Connection, limit: int) -> list[OutboxRow]:
    """The first rows that wait, in the order of their ids."""
    rows = connection.execute(first_waiting(limit))
    return [OutboxRow(row.id, row.event_id, row.event, row.payload) for row in rows]


def first_waiting(limit: int) -> Select[tuple[int, str, str, str]]:
    """The query for the first rows that wait.

    Rows are found by their state and not by being after the last id: a transaction that is open now may hold a
    smaller id than one that has long been published. SQL Server would wait for such a transaction; told to read past
    locked rows it does as the others do.
    """
    columns = outbox.c.id, outbox.c.event_id, outbox.c.event, outbox.c.payload
    waiting = select(*columns).where(outbox.c.state == State.WAITING).order_by(outbox.c.id).limit(limit)
    return waiting.with_hint(outbox, "WITH (READPAST)", "mssql")


def mark_published(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Kafka has these rows; `now` is UTC without a zone, as all databases can hold it."""
    for some in _chunks(ids):
        settled = update(outbox).where(outbox.c.id.in_(some), outbox.c.state == State.WAITING)
        connection.execute(
            settled.values(state=State.PUBLISHED, settled_at=now, attempts=outbox.c.attempts + 1, reason=None)
        )


def mark_refused(connection: Connection, refused: Sequence[RefusedRow], now: datetime) -> None:
    """Set rows aside with the reason, so that they hold up no others."""
    if not refused:
        return
    settled = update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.state == State.WAITING)
    connection.execute(
        settled.values(state=State.REFUSED, settled_at=now, attempts=outbox.c.attempts + 1, reason=bindparam("why")),
        [{"row": each.id, "why": each.reason[:REASON_CHARACTERS]} for each in refused],
    )


def delete_rows(connection: Connection, ids: Sequence[int]) -> None:
    """Remove rows that Kafka has."""
    for some in _chunks(ids):
        connection.execute(delete(outbox).where(outbox.c.id.in_(some)))


def published_before(connection: Connection, end: datetime, limit: int) -> list[int]:
    """Ids of rows that were published before `end`, at most `limit`."""
    settled = outbox.c.state == State.PUBLISHED, outbox.c.settled_at < end
    return list(connection.scalars(select(outbox.c.id).where(*settled).order_by(outbox.c.id).limit(limit)))


def retry_refused(connection: Connection) -> int:
    """Put every refused row back to be tried again; how many there were."""
    again = update(outbox).where(outbox.c.state == State.REFUSED).values(state=State.WAITING, reason=None)
    return connection.execute(again).rowcount


def count_by_state(connection: Connection) -> dict[State, int]:
    """How many rows there are in each state."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    found = {State(state): int(count) for state, count in connection.execute(counted)}
    return {state: found.get(state, 0) for state in State}


def refused_rows(connection: Connection, limit: int) -> list[tuple[int, str, str, str]]:
    """Id, event, event_id and reason of the last rows that were refused."""
    columns = outbox.c.id, outbox.c.event, outbox.c.event_id, outbox.c.reason
    last = select(*columns).where(outbox.c.state == State.REFUSED).order_by(outbox.c.id.desc()).limit(limit)
    return [(row.id, row.event, row.event_id, row.reason) for row in connection.execute(last)]


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_A_STATEMENT):
        yield ids[start : start + IDS_A_STATEMENT]
