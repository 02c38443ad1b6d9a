"""Servers that the folders share: each test makes its own topic, subject, bucket or database on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from infra.object_store import LakeStore, open_lake
from infra.settings import Settings
from tests.local_stack import SERVERS, odd_home, running_stack


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_stack(odd_home(tmp_path_factory.mktemp("servers")), SERVERS) as settings:
        yield settings


@pytest.fixture(scope="session")
def object_store(servers: Settings) -> LakeStore:
    """One client for all buckets: to make one takes a tenth of a second of processor time."""
    return open_lake(servers.lake)


@pytest.fixture
def lake(object_store: LakeStore) -> LakeStore:
    """An empty bucket for this test alone."""
    own = replace(object_store, bucket=f"test-{uuid4().hex[:10]}")
    own.make_bucket()
    return own
