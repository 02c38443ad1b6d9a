"""A database of its own for each test, copied from one that has been migrated once."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url

from consumers.warehouse.connect import engine_for
from infra.settings import Settings

_numbers = itertools.count(1)


def superuser(settings: Settings) -> psycopg.Connection:
    """An autocommit connection to the stack's PostgreSQL as its superuser."""
    warehouse = make_url(settings.warehouse.owner_url)
    password = json.loads((settings.home / "credentials.json").read_text())["postgres"]
    return psycopg.connect(
        host=warehouse.host,
        port=warehouse.port,
        user="postgres",
        password=password,
        dbname="postgres",
        autocommit=True,
    )


@contextmanager
def own_database(settings: Settings, template: str = "template1") -> Iterator[Engine]:
    """A new database that the warehouse's owner owns, dropped at the end."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with superuser(settings) as connection:
        create = sql.SQL("create database {} owner warehouse template {}")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        engine = engine_for(url_of(settings.warehouse.owner_url, name))
        try:
            yield engine
        finally:
            engine.dispose()
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def url_of(url: str, database: str) -> str:
    """The same server and user, another database."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)
