"""The one way into PostgreSQL: SQLAlchemy over psycopg for statements, ADBC for columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import adbc_driver_postgresql.dbapi as adbc
import psycopg
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from infra.errors import OperatorError
from infra.keepalive import KEEPALIVE
from infra.settings import Warehouse

# Classes of SQLSTATE that pass by themselves: connection, transaction rollback (deadlock, serialization), resources,
# operator intervention (shutdown, starting up), system error; and single states: lock timeout, read-only standby.
_PASSING_CLASSES = ("08", "40", "53", "57", "58")
_PASSING_STATES = ("55P03", "25006")
CONNECT_SECONDS = 10
_ADBC_PASSING = {"IO", "TIMEOUT", "CANCELLED"}
_STAGING_GONE = re.compile(r'relation "staging\.[^"]+" does not exist')


class WarehouseUnavailable(OperatorError):
    """PostgreSQL does not answer or asks to come again: the step is retried; see `hagiang status` if this goes on."""

    retriable: ClassVar[bool] = True


class StagingLost(OperatorError):
    """The load's staging tables are not whole, since PostgreSQL crashed or the load was given up: start a new run."""


def open_engine(warehouse: Warehouse) -> Engine:
    """An engine for the owner of the warehouse; nothing is sent yet. Open it after a fork, not before."""
    return engine_for(warehouse.owner_url)


def engine_for(url: str) -> Engine:
    """An engine for any `postgresql://` URL; sessions run in UTC.

    Statements are not prepared on the server, since each load has tables of its own and none is ever sent twice.
    """
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,  # values of events do not belong in a log
        connect_args={
            "prepare_threshold": None,
            "connect_timeout": CONNECT_SECONDS,
            "options": "-c timezone=UTC",
            "application_name": "hagiang",
            **KEEPALIVE,
        },
    )


@contextmanager
def open_copy(engine: Engine) -> Iterator[Any]:
    """An ADBC connection to the engine's database, for writing Arrow columns; the caller commits."""
    options = {name: str(value) for name, value in {"connect_timeout": CONNECT_SECONDS, **KEEPALIVE}.items()}
    url = engine.url.set(drivername="postgresql").update_query_dict(options)
    with adbc.connect(url.render_as_string(hide_password=False)) as connection:
        yield connection


@contextmanager
def warehouse_errors() -> Iterator[None]:
    """Turns what passes by itself into WarehouseUnavailable, and a staging table that is gone into StagingLost.

    Any other database error goes through unchanged.
    """
    try:
        yield
    except (DBAPIError, psycopg.Error, adbc.Error) as error:
        told = _told(error.orig if isinstance(error, DBAPIError) else error)
        if told is None:
            raise
        raise told from error


def _told(error: BaseException | None) -> OperatorError | None:
    message = str(error).strip()
    if (isinstance(error, psycopg.Error) and _passes(error)) or (isinstance(error, adbc.Error) and _adbc_passes(error)):
        return WarehouseUnavailable(message)
    return StagingLost(message) if _STAGING_GONE.search(message) else None


def _passes(error: psycopg.Error) -> bool:
    """A broken or refused connection has no SQLSTATE."""
    if error.sqlstate is None:
        return isinstance(error, psycopg.OperationalError)
    return error.sqlstate.startswith(_PASSING_CLASSES) or error.sqlstate in _PASSING_STATES


def _adbc_passes(error: Any) -> bool:
    if error.sqlstate:
        return str(error.sqlstate).startswith(_PASSING_CLASSES) or error.sqlstate in _PASSING_STATES
    return error.status_code.name in _ADBC_PASSING
