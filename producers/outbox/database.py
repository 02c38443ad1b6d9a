"""The agency's database: opened by a URL, its errors told apart by whether waiting helps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError

from infra.errors import OperatorError


class OutboxUnavailable(OperatorError):
    """The database of the outbox does not answer or asks to come again: the relay waits and tries again."""

    retriable: ClassVar[bool] = True


class OutboxUnusable(OperatorError):
    """The outbox cannot be used: make its tables with `hagiang outbox ddl`, and let the relay's user read, change and
    delete their rows."""


class OutboxAddressWrong(OperatorError):
    """The outbox has no usable address: give a SQLAlchemy URL such as mariadb+pymysql://user:password@host/database,
    and install the driver it names."""


def open_outbox(url: str) -> Engine:
    """An engine for the database; nothing is sent yet. Raises OutboxAddressWrong, never with the URL's password.

    READ COMMITTED is what all four kinds of database know, and on MySQL it keeps the relay's updates from locking the
    gaps that the agency's inserts go into.
    """
    try:
        address = make_url(url)
        return create_engine(address, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True)
    except ArgumentError as error:
        raise OutboxAddressWrong("the URL cannot be read") from error
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise OutboxAddressWrong(str(error)) from error


@contextmanager
def outbox_errors() -> Iterator[None]:
    """Turns the database's errors into OutboxUnavailable, when they pass by themselves, or OutboxUnusable."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise OutboxUnavailable(_said(error)) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutboxUnavailable(_said(error)) from error
        raise OutboxUnusable(_said(error)) from error


def _said(error: DBAPIError) -> str:
    return " ".join(str(error.orig).split())[:300]
