"""What a client's own process knows of its rights: what its file says, which may lag behind (decision 0610)."""

from __future__ import annotations

from collections.abc import Mapping

from infra.access.clients import ANY, Client
from infra.settings import STACK_ENV, home_of, read_env_file

EVENTS, SOURCES = "HAGIANG_EVENTS", "HAGIANG_SOURCES"


def rights_as_variables(client: Client) -> Mapping[str, str]:
    """The lines of a client's file that tell its rights; with commas, so that every shell takes them unquoted."""
    return {EVENTS: ",".join(sorted(client.events)), SOURCES: ",".join(client.sources)}


def own_rights(environ: Mapping[str, str]) -> Client | None:
    """What this process may write by its own account; None when nothing is said, as for the platform's own parts.

    Only good for telling early what landing would refuse: nobody is kept out by it.
    """
    values = {**read_env_file(home_of(environ) / STACK_ENV), **environ}
    events, sources = _listed(values, EVENTS), _listed(values, SOURCES)
    if not events and not sources:
        return None
    name = values.get("HAGIANG_CLIENT", "").partition("@")[0] or "this client"
    return Client(name, "", frozenset(events or [ANY]), tuple(sources or [ANY]))


def _listed(values: Mapping[str, str], name: str) -> list[str]:
    return [each.strip() for each in values.get(name, "").split(",") if each.strip()]
