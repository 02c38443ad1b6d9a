"""A place of its own on the servers, and a warehouse, for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from consumers.warehouse.migrate import migrate
from infra.settings import Settings
from tests.component.landing.place import new_place
from tests.component.reconcile.ground import Ground
from tests.databases import own_database


@pytest.fixture
def ground(servers: Settings, tmp_path: Path) -> Iterator[Ground]:
    """Six records published, landed and loaded, each partition half."""
    with new_place(servers, tmp_path) as place, own_database(servers) as engine:
        migrate(engine)
        ground = Ground(place, engine)
        for partition in (0, 1):
            place.send_good(3, partition, start=10 * partition)
        ground.land(6)
        ground.load()
        yield ground
