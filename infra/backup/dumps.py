"""A database into one file and back, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from sqlalchemy import URL, Engine, text
from sqlalchemy.schema import DropSchema

from consumers.warehouse.tables.naming import SCHEMAS
from infra.errors import OperatorError


class DumpFailed(OperatorError):
    """PostgreSQL could not write the dump: mend what it says; nothing was changed."""


class RestoreFailed(OperatorError):
    """PostgreSQL could not read a dump back, and the warehouse may be empty now: mend what it says, restore again."""


ACCESS = "access"
"""Schema of clients and their rights, which the dump holds too."""


def dump(programs: Path, url: URL, into: Path) -> None:
    """All of the database as of one moment, compressed; raises DumpFailed."""
    _run(DumpFailed, programs / "pg_dump", url, "--format=custom", "--no-owner", f"--file={into}", _address(url))


def restore_warehouse(programs: Path, engine: Engine, dump: Path) -> None:
    """Put the dump in the place of whatever the warehouse holds; raises RestoreFailed."""
    empty_warehouse(engine)
    engine.dispose()
    _restore(programs, engine.url, dump)


def empty_warehouse(engine: Engine) -> None:
    """Leave nothing of the warehouse in its database, nor any word of its migrations."""
    with engine.begin() as connection:
        for schema in (*SCHEMAS, ACCESS):
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))
        connection.execute(text("drop table if exists public.alembic_version"))


def restore_over(programs: Path, url: URL, dump: Path) -> None:
    """Put what is in the dump in the place of what has the same names; raises RestoreFailed."""
    _restore(programs, url, dump, "--clean", "--if-exists")


def _restore(programs: Path, url: URL, dump: Path, *options: str) -> None:
    options = (
        "--no-owner",
        "--exit-on-error",
        "--single-transaction",
        f"--dbname={_address(url)}",
        *options,
        str(dump),
    )
    _run(RestoreFailed, programs / "pg_restore", url, *options)


def _run(failure: type[OperatorError], program: Path, url: URL, *options: str) -> None:
    # The password must not stand in the process list.
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    done = subprocess.run([program, *options], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise failure(done.stderr.strip()[-2000:])


def _address(url: URL) -> str:
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    return plain.render_as_string(hide_password=False)
