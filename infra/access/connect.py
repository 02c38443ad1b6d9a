"""The way into schema `access` for those who only read it or add to its audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError

from infra.errors import OperatorError
from infra.keepalive import KEEPALIVE

_CONNECT_SECONDS = 3
_STATEMENT_MS = 5_000


class AccessUnavailable(OperatorError):
    """PostgreSQL does not tell who may write: it is asked again; see `hagiang status` if this goes on."""

    retriable: ClassVar[bool] = True


def open_access(url: str) -> Engine:
    """An engine of few connections that gives up soon; nothing is sent yet."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=2,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"-c timezone=UTC -c statement_timeout={_STATEMENT_MS}",
            "application_name": "hagiang-access",
            **KEEPALIVE,
        },
    )


@contextmanager
def access_errors() -> Iterator[None]:
    """Turns every error of the database into AccessUnavailable."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        raise AccessUnavailable(str(getattr(error, "orig", error)).strip()) from error
