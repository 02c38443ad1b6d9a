"""Staging tables of loads that will never be published."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import Connection, Engine, MetaData, Table, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import DropTable

from consumers.warehouse.ledger import abandon_loads, unfinished_loads
from consumers.warehouse.tables.naming import STAGING
from consumers.warehouse.tables.staging import StagingTables, staging_prefix

log = logging.getLogger(__name__)

# An unfinished load older than this is dead: a task of the DAG is stopped sooner (dags/load.py, execution_timeout).
LEFTOVER_AGE = timedelta(minutes=20)
# One run of an event's DAG is active at a time. A few more are kept so that a task that failed can be cleared, but not
# so many that runs failing one after the other fill the disk.
KEPT = 3

# How long to wait for whoever still reads a table; it is dropped another time then.
_PATIENCE = "2s"


def drop_leftovers(engine: Engine, event: str, older_than: timedelta = LEFTOVER_AGE, keep: int = KEPT) -> None:
    """Give up the event's unfinished loads that began longer ago, and all but the newest; drop their staging tables.

    A zombie of such a load that wakes up finds its tables gone and fails. Tables in use are left for the next time.
    """
    with engine.begin() as connection:
        abandon_loads(connection, event, older_than, keep)
        dead = dead_tables(connection, event)
    drop_tables(engine, dead)


def dead_tables(connection: Connection, event: str) -> list[str]:
    """Names of staging tables whose load has come to an end."""
    alive = {f"{staging_prefix(event)}{load_id}" for load_id in unfinished_loads(connection, event)}
    names = inspect(connection).get_table_names(schema=STAGING)
    return [name for name in names if name.startswith(staging_prefix(event)) and _load_part(name, event) not in alive]


def has_staging(connection: Connection, staging: StagingTables) -> bool:
    """Whether the load's staging tables are there."""
    return inspect(connection).has_table(staging.rows.name, schema=STAGING)


def drop_tables(engine: Engine, names: list[str]) -> None:
    """Drop those tables of schema staging, if nobody is using them."""
    for name in names:
        try:
            with engine.begin() as connection:
                connection.execute(text("select set_config('lock_timeout', :patience, true)"), {"patience": _PATIENCE})
                connection.execute(DropTable(Table(name, MetaData(), schema=STAGING), if_exists=True))
        except OperationalError as error:
            log.warning("A staging table is in use: %s", error, extra={"action": "leftover_in_use", "table": name})


def _load_part(name: str, event: str) -> str:
    """`<event>__<load_id>` of the name of any of a load's tables."""
    number = name.removeprefix(staging_prefix(event)).split("_", 1)[0]
    return f"{staging_prefix(event)}{number}"
