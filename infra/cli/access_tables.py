"""Clients and the audit as tables on a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from infra.access.audit_trail import AuditEntry
from infra.access.listing import ClientListing

_PIPE_WIDTH = 200


def clients_table(clients: Sequence[ClientListing]) -> Table:
    """Who may do what."""
    table = _table("client", "organisation", "kind", "events", "sources", "key", "since (UTC)", "revoked (UTC)")
    for client in clients:
        revoked = f"{client.revoked_at:%Y-%m-%d %H:%M:%S}" if client.revoked_at else ""
        table.add_row(
            client.name,
            client.organisation,
            client.kind,
            "\n".join(client.events),
            "\n".join(client.sources),
            str(client.key_version),
            f"{client.created_at:%Y-%m-%d %H:%M:%S}",
            revoked,
        )
    return table


def changes_table(entries: Sequence[AuditEntry]) -> Table:
    """What was done."""
    table = _table("entry", "when (UTC)", "who", "what", "to", "detail")
    for entry in entries:
        detail = json.dumps(entry.detail, ensure_ascii=False)
        when = f"{entry.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(entry.entry_id), when, entry.actor, entry.action, entry.subject, detail)
    return table


def print_tables(*tables: Table) -> None:
    """One after the other."""
    console = Console() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)
    for table in tables:
        console.print(table)


def _table(*columns: str) -> Table:
    table = Table(show_lines=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
