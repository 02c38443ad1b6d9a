"""Servers for the gateway's tests, a gateway process on them, and clients that may write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from consumers.warehouse.connect import open_engine
from infra.settings import Settings
from tests.component.gateway.running import Gateway, gateway_process


@pytest.fixture(scope="session")
def engine(servers: Settings) -> Iterator[Engine]:
    engine = open_engine(servers.warehouse)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def gateway(servers: Settings, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway_process(servers, engine, tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway


@pytest.fixture
def own_gateway(servers: Settings, engine: Engine, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway that the test may stop and kill."""
    with gateway_process(servers, engine, tmp_path) as gateway:
        yield gateway
