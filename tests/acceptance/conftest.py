"""One stack for all acceptance tests, started and stopped through the command; its shop is on a marketplace of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.home import make_home
from infra.local.simulated_platforms import ensure_simulated_platforms
from producers.marketplaces.shops import FILE
from producers.simulator.platforms.server import platform_server
from tests.acceptance.platform import Platform, copy_contracts
from tests.component.marketplaces.settings_file import write_marketplaces
from tests.component.marketplaces.world import World


@pytest.fixture(scope="session")
def world() -> World:
    """What the marketplaces know."""
    return World()


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[Platform]:
    folder: Path = tmp_path_factory.mktemp("platform")
    stack = Platform(home=folder / "home", contracts=copy_contracts(folder / "contracts"))
    # As the demo does before it brings the stack up: otherwise it would restart it for its shops.
    ensure_simulated_platforms(make_home(stack.home))
    with platform_server(world) as marketplaces:
        write_marketplaces(stack.home / FILE, marketplaces, "shopee")
        yield from running(stack)


def running(stack: Platform) -> Iterator[Platform]:
    try:
        up = stack.hagiang("up", "--ports", "auto")
        assert up.returncode == 0, up.stderr
        yield stack
    finally:
        down = stack.hagiang("down", "--purge")
        assert down.returncode == 0, down.stderr
