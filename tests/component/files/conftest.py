"""The servers an import needs, and a drop folder of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from infra.settings import Settings
from producers.client import EventProducer, open_producer
from producers.files.drop import Desk, open_drop
from schemas.catalog import load_catalog
from tests.component.files.arrivals import Arrivals


@pytest.fixture
def settings(servers: Settings) -> Settings:
    return replace(servers, lake=replace(servers.lake, bucket=f"files-{uuid4().hex[:10]}"))


@pytest.fixture
def producer(servers: Settings) -> Iterator[EventProducer]:
    with open_producer(servers, load_catalog()) as producer:
        yield producer


@pytest.fixture
def arrivals(servers: Settings) -> Iterator[Arrivals]:
    with Arrivals(servers) as arrivals:
        yield arrivals


@pytest.fixture
def desk(settings: Settings, tmp_path: Path) -> Desk:
    store = open_drop(settings.lake)
    store.make_bucket()
    return Desk(store, load_catalog(), tmp_path, lambda: datetime(2026, 1, 2, tzinfo=UTC))
