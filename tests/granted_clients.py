"""Clients for tests, granted in the access tables as `hagiang access grant` does, without a Kafka user."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from infra.access.grants import add_rights, end_client, new_keys, put_client


def grant_client(engine: Engine, name: str, events: Sequence[str], sources: Sequence[str]) -> str:
    """A client that may write the events for the sources; gives its API key."""
    with engine.begin() as connection:
        put_client(connection, name, "Sở thử nghiệm", "agency")
        key, _ = new_keys(connection, name)
        add_rights(connection, name, events, sources)
    return key


def revoke_client(engine: Engine, name: str) -> None:
    """The client may do nothing from now on."""
    with engine.begin() as connection:
        end_client(connection, name)
