"""The platforms on loopback."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.object_store import LakeStore
from infra.settings import Settings
from producers.client import open_producer
from producers.marketplaces.calls import Patience
from producers.marketplaces.deliver import Delivery
from producers.marketplaces.sessions import Sessions
from producers.marketplaces.tokens import TokenFile
from producers.simulator.platforms.server import platform_server
from schemas.catalog import load_catalog
from tests.component.marketplaces.settings_file import write_marketplaces
from tests.component.marketplaces.world import World

QUICK = Patience(tries=3, first_pause_s=0.01, longest_pause_s=0.1, timeout_s=2.0)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def platforms_url(world: World) -> Iterator[str]:
    with platform_server(world) as url:
        yield url


@pytest.fixture
def sessions(platforms_url: str, tmp_path: Path) -> Iterator[Sessions]:
    marketplaces = write_marketplaces(tmp_path / "marketplaces.toml", platforms_url)
    with httpx.Client() as http:
        yield Sessions(marketplaces, TokenFile(tmp_path / "tokens.json", time.time), http, QUICK)


@pytest.fixture
def delivery(servers: Settings, sessions: Sessions, lake: LakeStore) -> Iterator[Delivery]:
    with open_producer(servers, load_catalog()) as producer:
        yield Delivery(sessions, lake, producer.send)
