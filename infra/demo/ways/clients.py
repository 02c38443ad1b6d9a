"""The clients that the demo grants itself, each with the rights that its way needs."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from infra.access.administer import Office, grant, rotate
from infra.access.connect import access_errors, open_access
from infra.access.wishes import Wish
from infra.kafka.admin import open_admin
from infra.local.private_file import write_private
from infra.settings import Settings
from schemas.contract import Contract

FILE = "demo-clients.json"

Credentials = Mapping[str, Mapping[str, str]]
"""The variables that `hagiang access grant` hands over, by the client's name."""


def ensure_clients(settings: Settings, catalog: Mapping[str, Contract], wishes: Iterable[Wish]) -> Credentials:
    """Grants each client its rights, as `hagiang access grant` does; credentials are kept for the next run.

    Raises what `grant` raises.
    """
    kept = kept_clients(settings.home)
    engine = open_access(settings.warehouse.owner_url)
    try:
        with access_errors():
            office = Office(engine, settings, catalog, lambda: open_admin(settings.kafka), getpass.getuser())
            credentials = {wish.name: _ensure(office, wish, kept.get(wish.name)) for wish in wishes}
    finally:
        engine.dispose()
    write_private(settings.home / FILE, json.dumps(credentials, indent=1) + "\n")
    return credentials


def _ensure(office: Office, wish: Wish, kept: Mapping[str, str] | None) -> Mapping[str, str]:
    made = grant(office, wish)
    if made is None and kept is None:
        made = rotate(office, wish.name, timedelta(0))
    return kept or {} if made is None else made.variables(office.settings)


def kept_clients(home: Path) -> Credentials:
    """The credentials of the clients that were granted on this stack; none before the first run."""
    path = home / FILE
    if not path.exists():
        return {}
    kept: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return kept
