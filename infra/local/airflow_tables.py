"""Airflow's own tables: made, or brought to this version, by `airflow db migrate`."""

from __future__ import annotations

import os
import subprocess
from importlib.metadata import version

from psycopg import sql

from infra.errors import OperatorError
from infra.local.airflow_environment import airflow_environment
from infra.local.home import PROJECT
from infra.local.postgres import connect
from infra.local.stack import Stack, program
from infra.local.start import tail


class AirflowNotMigrated(OperatorError):
    """Airflow's tables could not be made: its log says why; mend it, then run `hagiang up` again."""


def ensure_airflow_tables(stack: Stack) -> None:
    """Run the migration unless the database's comment says that this version of Airflow has done so: it takes 13 s."""
    done = f"migrated to Airflow {version('apache-airflow')}"
    with connect(stack, "airflow") as connection:
        comment = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        if connection.execute(comment).fetchone() == (done,):
            return
        _migrate(stack)
        connection.execute(sql.SQL("COMMENT ON DATABASE airflow IS {}").format(sql.Literal(done)))


def _migrate(stack: Stack) -> None:
    log = stack.home.log_of("airflow-tables")
    with log.open("ab") as output:
        ended = subprocess.run(
            [program("airflow"), "db", "migrate"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **airflow_environment(stack)},
            cwd=PROJECT,
            check=False,
        )
    if ended.returncode != 0:
        raise AirflowNotMigrated(f"the end of {log}:\n{tail(log)}")
