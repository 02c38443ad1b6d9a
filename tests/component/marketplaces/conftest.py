"""The platforms on loopback, and the stack's servers for what needs Kafka."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from infra.object_store import LakeStore, open_lake
from infra.settings import Settings
from producers.marketplaces.calls import Patience
from producers.marketplaces.sessions import Sessions
from producers.marketplaces.tokens import TokenFile
from producers.simulator.platforms.server import platform_server
from tests.component.marketplaces.settings_file import write_marketplaces
from tests.component.marketplaces.world import World

_buckets = itertools.count(1)
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
def lake(servers: Settings) -> LakeStore:
    """An empty bucket for this test alone."""
    store = open_lake(replace(servers.lake, bucket=f"marketplaces-{os.getpid()}-{next(_buckets)}"))
    store.make_bucket()
    return store
