"""A staging table as a batch of Great Expectations, and what its failures mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol

import great_expectations as gx
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
from great_expectations.datasource.fluent.interfaces import Batch
from sqlalchemy import event, make_url
from sqlalchemy.exc import InterfaceError, OperationalError

from infra.errors import OperatorError

Troubles = list[BaseException | None]


class CheckFailed(OperatorError):
    """An expectation could not be run, which says nothing about the data: mend the suite or the table it names."""


class CheckInterrupted(CheckFailed):
    """The warehouse went away while expectations ran: the check is run again; see `hagiang status` if this goes on."""

    retriable: ClassVar[bool] = True


class StagedTable(Protocol):
    """Where the rows are."""

    @property
    def url(self) -> str:
        """SQLAlchemy-style, any driver."""

    @property
    def schema(self) -> str:
        """Its schema."""

    @property
    def table(self) -> str:
        """Its name."""


@contextmanager
def open_batch(target: StagedTable) -> Iterator[tuple[Batch, Troubles]]:
    """The table as a batch, and a list that notes the database's errors; raises CheckFailed, CheckInterrupted."""
    engine = None
    troubles: Troubles = []
    try:
        source = _context().data_sources.add_postgres("warehouse", connection_string=_gx_url(target.url))
        asset = source.add_table_asset(target.table, table_name=target.table, schema_name=target.schema)
        batch = asset.add_batch_definition_whole_table("load").get_batch()
        engine = batch.data.execution_engine.engine
        event.listen(engine, "handle_error", lambda context: troubles.append(context.sqlalchemy_exception))
        yield batch, troubles
    except CheckFailed:
        raise
    except Exception as error:
        raise failure(str(error), [*troubles, error]) from error
    finally:
        if engine is not None:
            engine.dispose()


def _context() -> Any:
    """A context in memory that sends nothing to anybody and draws no progress bars."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars={"globally": False},
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _gx_url(url: str) -> str:
    """Great Expectations speaks through psycopg2; its sessions run in UTC like ours."""
    options = {"options": "-c timezone=UTC", "application_name": "hagiang-check", "connect_timeout": "10"}
    gx_url = make_url(url).set(drivername="postgresql+psycopg2").update_query_dict(options)
    return gx_url.render_as_string(hide_password=False)


def failure(message: str, troubles: Troubles) -> CheckFailed:
    """Interrupted when the driver says that the server, not the statement, is at fault."""
    passing = any(isinstance(cause, OperationalError | InterfaceError) for cause in _causes(troubles))
    return (CheckInterrupted if passing else CheckFailed)(message)


def _causes(errors: Troubles) -> Iterator[BaseException]:
    for error in errors:
        cause = error
        while cause is not None:
            yield cause
            cause = cause.__cause__ or cause.__context__
