"""A database of an agency's own beside those of the platform, for demonstrations."""

from __future__ import annotations

import secrets
from pathlib import Path

from sqlalchemy import URL

from infra.local.databases import ensure_database, ensure_role
from infra.local.home import Home
from infra.local.postgres import connect
from infra.local.stack import load_stack


def ensure_agency_database(home: Path, name: str) -> str:
    """The SQLAlchemy URL of the database `name` in the embedded PostgreSQL of the state folder `home`.

    Its role has no rights on any other; each call gives it a new password.
    """
    stack, password = load_stack(Home(home), {}), secrets.token_hex(24)
    with connect(stack) as connection:
        ensure_role(connection, name, password)
        ensure_database(connection, name)
    host, _, port = stack.address("postgres").partition(":")
    return URL.create("postgresql+psycopg", name, password, host, int(port), name).render_as_string(hide_password=False)
