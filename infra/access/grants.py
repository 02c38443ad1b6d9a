"""Changes of rights in the database. Each function runs in the caller's transaction; its end is when they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.expression import TableClause

from infra.access import tables
from infra.access.api_keys import hash_of, key_id_of, new_api_key
from infra.access.clients import ANY, PLATFORM

# An end lies so far ahead that who judges a record of that time has read of it, whatever the order of commits.
AHEAD = timedelta(milliseconds=200)
_EVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True)
class Entry:
    """A client as it is kept."""

    name: str
    organisation: str
    kind: str
    is_revoked: bool


def lock_rights(connection: Connection) -> None:
    """Let one change of rights wait for the other."""
    connection.execute(select(tables.revision.c.revision).with_for_update())


def client_entry(connection: Connection, name: str) -> Entry | None:
    """The client of that name, revoked or not."""
    of = tables.client.c
    found = connection.execute(select(of.name, of.organisation, of.kind, of.revoked_at).where(of.name == name)).first()
    return Entry(found.name, found.organisation, found.kind, found.revoked_at is not None) if found else None


def put_client(connection: Connection, name: str, organisation: str, kind: str) -> None:
    """Make the client, or bring a revoked one back under the same name."""
    values = {"name": name, "organisation": organisation, "kind": kind}
    statement = postgresql.insert(tables.client).values(values)
    again = {"organisation": organisation, "kind": kind, "revoked_at": None}
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=again))


def add_rights(connection: Connection, name: str, events: Iterable[str], sources: Iterable[str]) -> None:
    """Give rights from now on; one that is there already stays as it is."""
    _add(connection, tables.granted_event, [{"name": name, "event": event} for event in events])
    _add(connection, tables.granted_source, [{"name": name, "source": source} for source in sources])


def end_rights(connection: Connection, name: str, events: Iterable[str], sources: Iterable[str]) -> int:
    """Take single rights away; how many there were."""
    ended = _end(connection, tables.granted_event, _open(tables.granted_event, name, "event", events))
    return ended + _end(connection, tables.granted_source, _open(tables.granted_source, name, "source", sources))


def end_client(connection: Connection, name: str) -> None:
    """Take everything away from the client, its keys included."""
    for granted in (tables.granted_event, tables.granted_source, tables.signing_key, tables.api_key):
        _end(connection, granted, _open(granted, name))
    gone = update(tables.client).where(tables.client.c.name == name, tables.client.c.revoked_at.is_(None))
    connection.execute(gone.values(revoked_at=func.clock_timestamp() + AHEAD))


def new_keys(connection: Connection, name: str, overlap: timedelta = AHEAD) -> tuple[str, int]:
    """A new API key and a new version of the signing key; the ones there are end after `overlap`."""
    for granted in (tables.signing_key, tables.api_key):
        _end(connection, granted, _open(granted, name), overlap)
    of = tables.signing_key.c
    last = connection.execute(select(func.coalesce(func.max(of.version), 0)).where(of.name == name)).scalar_one()
    _add(connection, tables.signing_key, [{"name": name, "version": last + 1}])
    api_key = new_api_key()
    _add(connection, tables.api_key, [{"name": name, "key_id": key_id_of(api_key), "hash": hash_of(api_key)}])
    return api_key, last + 1


def ensure_platform(connection: Connection) -> None:
    """The client as which the platform's own parts write: every event, every source, since ever."""
    if client_entry(connection, PLATFORM):
        return
    put_client(connection, PLATFORM, "Nền tảng tích hợp Hà Giang", "platform")
    rows = (
        (tables.granted_event, {"event": ANY}),
        (tables.granted_source, {"source": ANY}),
        (tables.signing_key, {"version": 1}),
    )
    for granted, what in rows:
        connection.execute(insert(granted).values(name=PLATFORM, granted_at=_EVER, **what))


def _add(connection: Connection, granted: TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = postgresql.insert(granted).values([{**row, "granted_at": func.clock_timestamp()} for row in rows])
        connection.execute(statement.on_conflict_do_nothing())


def _end(connection: Connection, granted: TableClause, rows: ColumnElement[bool], after: timedelta = AHEAD) -> int:
    # A key that was to end soon is not made to last longer; PostgreSQL's least() passes over null.
    end = func.least(granted.c.revoked_at, func.clock_timestamp() + after)
    ended = connection.execute(update(granted).where(rows).values(revoked_at=end))
    return int(ended.rowcount)


def _open(granted: TableClause, name: str, what: str | None = None, values: Iterable[str] = ()) -> ColumnElement[bool]:
    """What the client holds still, a key that ends soon included; of `what` only these values."""
    still = granted.c.revoked_at.is_(None) | (granted.c.revoked_at > func.clock_timestamp() + AHEAD)
    held = (granted.c.name == name) & still
    return held if what is None else held & granted.c[what].in_(list(values))
