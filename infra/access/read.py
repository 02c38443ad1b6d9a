"""Reads all rights in one snapshot, or only whether they have changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.sql.expression import TableClause

from infra.access import tables
from infra.access.connect import access_errors
from infra.access.rights import FOREVER, ApiKey, Period, Periods, Rights, Snapshot


def read_snapshot(engine: Engine, known: Snapshot | None, *, with_api_keys: bool) -> Snapshot:
    """The rights as they are; `known` with a new `as_of` when nothing has changed. Raises AccessUnavailable."""
    with access_errors(), engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        as_of = _milliseconds(connection.execute(select(func.clock_timestamp())).scalar_one())
        revision: int = connection.execute(select(tables.revision.c.revision)).scalar_one()
        if known is not None and known.revision == revision:
            return replace(known, as_of=as_of)
        rights = read_rights(connection)
        api_keys = _api_keys(connection) if with_api_keys else {}
    clients = {name: client for name, each in rights.items() if (client := each.now()) is not None}
    return Snapshot(revision, as_of, rights, clients, api_keys)


def read_rights(connection: Connection) -> Mapping[str, Rights]:
    """Every client's rights by its name, also of those that have been revoked."""
    keys = _periods(connection, tables.signing_key, tables.signing_key.c.version)
    events = _periods(connection, tables.granted_event, tables.granted_event.c.event)
    sources = _periods(connection, tables.granted_source, tables.granted_source.c.source)
    found = connection.execute(select(tables.client.c.name, tables.client.c.organisation))
    return {
        name: Rights(name, organisation, _single(keys[name]), events[name], sources[name])
        for name, organisation in found
    }


def _periods(connection: Connection, granted: TableClause, what: Any) -> defaultdict[str, dict[Any, Periods]]:
    """For each client and thing granted the periods, in order of time."""
    by_client: defaultdict[str, dict[Any, Periods]] = defaultdict(dict)
    columns = (granted.c.name, what, granted.c.granted_at, granted.c.revoked_at)
    for name, thing, start, end in connection.execute(select(*columns).order_by(granted.c.granted_at)):
        period = Period(_milliseconds(start), _end(end))
        by_client[name][thing] = (*by_client[name].get(thing, ()), period)
    return by_client


def _single(keys: Mapping[int, Iterable[Period]]) -> dict[int, Period]:
    return {version: next(iter(periods)) for version, periods in keys.items()}


def _api_keys(connection: Connection) -> dict[str, ApiKey]:
    key = tables.api_key.c
    found = connection.execute(select(key.key_id, key.name, key.hash, key.revoked_at))
    return {key_id: ApiKey(name, bytes(digest), _end(revoked)) for key_id, name, digest, revoked in found}


def _end(revoked_at: datetime | None) -> int:
    return FOREVER if revoked_at is None else _milliseconds(revoked_at)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
