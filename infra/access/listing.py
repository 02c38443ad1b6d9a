"""Who may do what, for the operator's eye."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from infra.access import tables
from infra.access.read import read_rights


@dataclass(frozen=True)
class ClientListing:
    """A client with what it may do now; both lists are empty once it is revoked. `key_version` is its newest."""

    name: str
    organisation: str
    kind: str
    events: list[str]
    sources: list[str]
    key_version: int
    created_at: datetime
    revoked_at: datetime | None


def clients_listed(connection: Connection) -> list[ClientListing]:
    """All clients that there ever were, by name."""
    rights = read_rights(connection)
    of = tables.client.c
    columns = (of.name, of.organisation, of.kind, of.created_at, of.revoked_at)
    listings = []
    for name, organisation, kind, created_at, revoked_at in connection.execute(select(*columns).order_by(of.name)):
        client = rights[name].now()
        events, sources = (sorted(client.events), sorted(client.sources)) if client else ([], [])
        version = max(rights[name].keys, default=0)
        listings.append(ClientListing(name, organisation, kind, events, sources, version, created_at, revoked_at))
    return listings
