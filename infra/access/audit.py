"""The append-only audit `access.audit`: who granted, revoked, was refused, read personal data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from infra.access import tables

GRANT, REVOKE, ROTATE, REFUSED, READ = "grant", "revoke", "rotate", "refused", "read"


def record(connection: Connection, actor: str, action: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Add an entry; it counts once the caller commits, and others who add wait until then: so commit soon.

    Put no secret and no personal data into `detail`. The database sets number, time and hash, and writes the role that
    is logged in before `actor`. Raises sqlalchemy.exc.DBAPIError.
    """
    values = {"actor": actor, "action": action, "subject": subject, "detail": dict(detail)}
    connection.execute(insert(tables.audit).values(values))
