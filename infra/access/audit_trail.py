"""Reading the audit, and proving that nobody has changed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from infra.access import tables

_BREAKS = Path(__file__).parent / "sql" / "audit_breaks.sql"


@dataclass(frozen=True)
class AuditEntry:
    """One thing that was done; `actor` is the database's role and the name it gave."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Break:
    """An entry that does not fit."""

    entry_id: int
    what: str


def last_entries(connection: Connection, limit: int, subject: str | None = None) -> list[AuditEntry]:
    """The newest entries first, of one subject if named."""
    of = tables.audit.c
    query = select(of.entry_id, of.at, of.actor, of.action, of.subject, of.detail)
    query = query.where(of.subject == subject) if subject else query
    return [AuditEntry(*row) for row in connection.execute(query.order_by(of.entry_id.desc()).limit(limit))]


def breaks_of(connection: Connection) -> list[Break]:
    """Where the chain of entries is broken; nothing when nobody has tampered with it.

    Whoever owns the database could write the whole chain anew: note the end of it elsewhere (`end_of`) to notice that.
    """
    return [Break(*row) for row in connection.exec_driver_sql(_BREAKS.read_text(encoding="utf-8"))]


def end_of(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last entry, as hexadecimal digits."""
    entry_id, found = connection.execute(select(tables.audit_head.c.entry_id, tables.audit_head.c.hash)).one()
    return entry_id, bytes(found).hex()
