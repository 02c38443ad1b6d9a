"""Migrations make the very database that the SQLAlchemy tables describe."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.schema import CreateSchema

from consumers.warehouse.connect import engine_for
from consumers.warehouse.migrate import config_for, migrate
from consumers.warehouse.tables import dimensions, erasure, ledger, marts, quarantine, rebuild, retention, seals
from consumers.warehouse.tables.naming import CORE, FIXED, LEDGER, QUARANTINE, SCHEMAS
from infra.settings import Settings
from tests.databases import own_database, url_of

MODULES = (dimensions, erasure, ledger, marts, quarantine, rebuild, retention, seals)


def described(inspector: Inspector, schema: str) -> dict[str, Any]:
    """Everything PostgreSQL knows of the schema's tables, in a form that can be compared."""
    return {
        table: {
            "columns": [{**column, "type": str(column["type"])} for column in inspector.get_columns(table, schema)],
            "primary key": inspector.get_pk_constraint(table, schema),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(table, schema))),
            "checks": sorted(map(str, inspector.get_check_constraints(table, schema))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table, schema))),
            "indexes": sorted(map(str, inspector.get_indexes(table, schema))),
            "comment": inspector.get_table_comment(table, schema),
        }
        for table in inspector.get_table_names(schema)
    }


@pytest.mark.parametrize(("schema", "tables"), [(CORE, 5), (LEDGER, 14), (QUARANTINE, 2)])
def test_migrations_and_tables_are_the_same(servers: Settings, engine: Engine, schema: str, tables: int) -> None:
    with own_database(servers) as plain:
        with plain.begin() as connection:
            for name in SCHEMAS:
                connection.execute(CreateSchema(name))
            FIXED.create_all(connection)
        wanted = described(inspect(plain), schema)
    assert len(wanted) == tables
    assert described(inspect(engine), schema) == wanted


def test_every_table_view_and_column_is_described_in_both_languages(engine: Engine) -> None:
    with engine.connect() as connection:
        comments = connection.execute(
            text(
                "select c.oid::regclass::text, a.attname, col_description(c.oid, a.attnum), obj_description(c.oid)"
                " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not attisdropped"
                " where c.relnamespace::regnamespace::text in ('core', 'ledger', 'quarantine', 'mart', 'access')"
                " and c.relkind in ('r', 'v')"
            )
        ).all()
    assert len(comments) > 100
    assert [row for row in comments if " / " not in (row[2] or "") or " / " not in (row[3] or "")] == []


def test_migrating_again_and_at_once_changes_nothing(servers: Settings) -> None:
    with own_database(servers) as engine, ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate, [engine] * 3))
        migrate(engine)
        assert set(inspect(engine).get_schema_names()) >= set(SCHEMAS)


def test_loads_published_before_they_had_a_place_get_it_in_the_order_of_their_time(servers: Settings) -> None:
    publish = "insert into ledger.load (event, topic, run_id, state, published_at) values ('{}', 'x', 'x', '{}', '{}')"
    loads = [("a", "published", "2021-06-22"), ("a", "published", "2021-06-21"), ("b", "published", "2021-06-23")]
    with own_database(servers) as engine:
        with engine.begin() as connection:
            command.upgrade(config_for(connection), "0005")
            for load in [*loads, ("a", "stale", "2021-06-20")]:
                connection.execute(text(publish.format(*load)))
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(text(publish.format("a", "published", "2021-06-01")))
            found = connection.execute(text("select event, publication from ledger.load order by load_id")).all()
    assert [tuple(row) for row in found] == [("a", 2), ("a", 1), ("b", 1), ("a", None), ("a", 3)]


def test_a_dashboard_reads_core_and_mart_and_nothing_else(servers: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("create table mart.made_later (figure int)"))
        connection.execute(text("create table core.made_later (figure int)"))
    dashboard = engine_for(url_of(servers.warehouse.dashboard_url, str(engine.url.database)))
    with dashboard.connect() as connection:
        for readable in ("core.dim_agency", "core.made_later", "mart.made_later"):
            connection.execute(text(f"select * from {readable}"))
        for closed in ("ledger.load", "quarantine.event", "quarantine.open_by_cause"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(f"select * from {closed}"))
            connection.rollback()
    dashboard.dispose()
