"""A place on the servers for each test: own topic, schema, bucket and consumer group."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.component.landing.place import Place, new_place


@pytest.fixture
def place(servers: Settings, tmp_path: Path) -> Iterator[Place]:
    with new_place(servers, tmp_path) as place:
        yield place
