"""A migrated database and a bucket of its own for each test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from consumers.warehouse.migrate import migrate
from infra.object_store import LakeStore, open_lake
from infra.settings import Settings
from tests.databases import own_database

_buckets = itertools.count(1)


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


@pytest.fixture
def lake(servers: Settings) -> LakeStore:
    """An empty bucket for this test alone."""
    store = open_lake(replace(servers.lake, bucket=f"test-{os.getpid()}-{next(_buckets)}"))
    store.make_bucket()
    return store
