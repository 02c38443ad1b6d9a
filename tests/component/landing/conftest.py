"""Servers for landing's tests, and a place in them for each test: own topic, schema, bucket and consumer group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.component.landing.place import Place, new_place
from tests.local_stack import running_stack


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_stack(tmp_path_factory.mktemp("servers"), ("postgres", "kafka", "store", "registry")) as settings:
        yield settings


@pytest.fixture
def place(servers: Settings, tmp_path: Path) -> Iterator[Place]:
    with new_place(servers, tmp_path) as place:
        yield place
