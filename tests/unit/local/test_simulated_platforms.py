"""Simulated marketplaces: a part once a demonstration has asked for it, with its shops beside the province's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.credentials import load_credentials
from infra.local.gateway import gateway_part
from infra.local.home import make_home
from infra.local.jars import Jars
from infra.local.marketplaces import FILE, marketplaces_parts
from infra.local.ports import USUAL
from infra.local.simulated_platforms import (
    NAME,
    PLATFORMS,
    ensure_simulated_platforms,
    put_shops,
    simulated_app,
    simulated_platforms_parts,
)
from infra.local.stack import Stack
from producers.marketplaces.shops import load_marketplaces
from producers.simulator.places import load_places
from producers.simulator.shops import shops
from tests.component.marketplaces.settings_file import write_marketplaces


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    home = make_home(tmp_path / "home")
    credentials = load_credentials(home.credentials)
    return Stack(home, dict(USUAL), credentials, Jars(tmp_path), tmp_path / "contracts", tmp_path / "dags")


def test_a_stack_has_none_until_a_demonstration_asks_for_them(stack: Stack) -> None:
    assert simulated_platforms_parts(stack) == marketplaces_parts(stack) == []
    assert NAME not in gateway_part(stack).needs
    ensure_simulated_platforms(stack.home)
    assert [part.name for part in simulated_platforms_parts(stack)] == [NAME]
    (marketplaces,) = marketplaces_parts(stack)
    assert NAME in marketplaces.needs
    assert NAME in gateway_part(stack).needs


def test_its_secret_stays_and_is_private(stack: Stack) -> None:
    ensure_simulated_platforms(stack.home)
    first = simulated_app(stack.home.root)
    ensure_simulated_platforms(stack.home)
    assert simulated_app(stack.home.root) == first
    assert first.secret not in repr(first)
    assert {path.stat().st_mode & 0o077 for path in stack.home.root.glob("simulated-platforms.json")} == {0}


def test_its_shops_stand_beside_the_others_once(stack: Stack) -> None:
    path = stack.home.root / FILE
    own = write_marketplaces(path, "http://127.0.0.1:1", "shopee")
    ensure_simulated_platforms(stack.home)
    for _ in range(2):
        put_shops(stack)
        found = load_marketplaces(path)
        assert found.apps[: len(own.apps)] == own.apps
        made = found.apps[len(own.apps) :]
        assert [app.platform for app in made] == list(PLATFORMS)
        sources = {shop.source for app in made for shop in app.shops}
        assert sources == {
            f"{shop.platform}:{shop.shop_id}" for shop in shops(load_places()) if shop.platform in PLATFORMS
        }
        assert all(shop.synthetic for app in made for shop in app.shops)
