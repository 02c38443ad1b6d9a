"""A migrated database for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from consumers.warehouse.migrate import migrate
from infra.settings import Settings
from tests.databases import own_database


@pytest.fixture(scope="session")
def migrated(servers: Settings) -> Iterator[str]:
    """Name of a database with all migrations, to be copied."""
    with own_database(servers) as engine:
        migrate(engine)
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture
def engine(servers: Settings, migrated: str) -> Iterator[Engine]:
    """A migrated database for this test alone."""
    with own_database(servers, template=migrated) as engine:
        yield engine
