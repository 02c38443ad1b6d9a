"""Databases and roles inside the embedded PostgreSQL: one role for each program, none of them a superuser."""

from __future__ import annotations

import psycopg
from psycopg import sql

from infra.local.postgres import connect
from infra.local.stack import Stack


def ensure_databases(stack: Stack) -> None:
    """One role for each program; a closed database for each of `warehouse`, `airflow`, `registry`."""
    secrets = stack.credentials
    with connect(stack) as connection:
        for role, password in (
            ("warehouse", secrets.warehouse),
            ("dashboard", secrets.dashboard),
            ("airflow", secrets.airflow_database),
            ("registry", secrets.registry_database),
            ("gateway", secrets.gateway_database),
            ("landing", secrets.landing_database),
        ):
            ensure_role(connection, role, password)
        for database in ("warehouse", "airflow", "registry"):
            ensure_database(connection, database)
        connection.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")
        connection.execute("GRANT CONNECT ON DATABASE warehouse TO dashboard, gateway, landing")
        # A dashboard may neither write nor hold the machine with an endless query.
        connection.execute("ALTER ROLE dashboard SET default_transaction_read_only = on")
        connection.execute("ALTER ROLE dashboard SET statement_timeout = '60s'")


def ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    """A role that may log in with this password, no other."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    verb = sql.SQL("ALTER") if known else sql.SQL("CREATE")
    statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}")
    connection.execute(statement.format(verb, sql.Identifier(role), sql.Literal(password)))


def ensure_database(connection: psycopg.Connection, name: str) -> None:
    """A database that belongs to the role of its name and is closed to others."""
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(name)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))
