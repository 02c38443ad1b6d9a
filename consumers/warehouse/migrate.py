"""Bringing the fixed tables to the state the code expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from consumers.warehouse.connect import warehouse_errors

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number, the same for all callers: two who migrate at once must go one after the other.
_LOCK = 5_020_210_623


def migrate(engine: Engine) -> None:
    """Run every migration the warehouse has not seen, in one transaction; harmless when there is none.

    Needs the database's owner, and the role `dashboard` to exist. Raises WarehouseUnavailable.
    """
    with warehouse_errors(), engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config_for(connection), "head")


def config_for(connection: Connection) -> Config:
    """Alembic's configuration for an open transaction; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
