"""Each client against a server that checks signatures and tokens as the platform documents them."""

from __future__ import annotations

import json
import logging
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from producers.marketplaces import lazada_orders
from producers.marketplaces.calls import PlatformRefused, PlatformUnavailable
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Line, Order, event_of
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.sessions import Sessions, open_sessions
from producers.marketplaces.tokens import AuthorisationEnded
from schemas.catalog import load_catalog
from schemas.codec import violations
from tests.component.marketplaces import sold
from tests.component.marketplaces.accounts import SECRET
from tests.component.marketplaces.settings_file import SHOPS
from tests.component.marketplaces.world import World

AT = datetime(2026, 3, 1, 5, tzinfo=UTC)
CONTRACT = load_catalog()["order_status_changed"]

GIVEN = {
    "shopee": (sold.shopee_order("A1"), "SHIPPED"),
    "lazada": (sold.lazada_items("shipped", "shipped"), "shipped"),
    "tiktok": (sold.tiktok_order("A1"), "IN_TRANSIT"),
    "tiki": (sold.tiki_order("A1"), "shipping"),
    "sendo": (sold.sendo_order("A1", 6, int(AT.timestamp())), "6"),
}
WANTED = {
    "shopee": Order(
        (Line("MBH-500", "Mật ong bạc hà", 2, 350000), Line("CHE-200", "Chè Shan tuyết", 1, 180000)), 892000, 32000
    ),
    "lazada": Order((Line("CAM-10KG", "Cam sành", 2, 250000),), 510000, 30000, "shipping"),
    "tiktok": Order((Line("RUOU-1L", "Rượu ngô", 3, 90000),), 285000, 25000),
    "tiki": Order((Line("GAO-5KG", "Gạo Già Dui 5 kg", 2, 190000),), 400000, 20000),
    "sendo": Order((Line("MAT-ONG", "Mật ong", 1, 220000),), 250000, 30000),
}


def change_of(platform: str, number: str = "A1") -> Change:
    line = "1" if platform == "lazada" else ""
    return Change(platform, SHOPS[platform][0], number, GIVEN[platform][1], AT, line)


def fetch(sessions: Sessions, platform: str, number: str = "A1") -> Order:
    change = change_of(platform, number)
    found = sessions.of(platform, change.shop_id)
    assert found is not None
    return found[0].fetch(found[1], change)[1]


def tell(world: World, *platforms: str) -> None:
    for platform in platforms:
        world.orders[platform] = {"A1": GIVEN[platform][0]}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_order_is_fetched_signed_as_documented(sessions: Sessions, world: World, platform: str) -> None:
    tell(world, platform)
    assert fetch(sessions, platform) == WANTED[platform]
    assert world.bad_signatures == 0


@pytest.mark.parametrize("platform", PLATFORMS)
def test_its_event_keeps_the_contract_and_adds_up(sessions: Sessions, world: World, platform: str) -> None:
    tell(world, platform)
    change = change_of(platform)
    found = sessions.of(platform, change.shop_id)
    assert found is not None
    event = event_of(change, fetch(sessions, platform), found[1].shop, found[0].states)
    assert violations(CONTRACT, event) == []
    assert event["status"] == "shipping"
    goods = sum(line["line_total_vnd"] for line in event["lines"])
    assert event["total_vnd"] == goods + event["shipping_fee_vnd"] - event["discount_vnd"]
    told = json.dumps(event, default=str)
    assert sold.BUYER_PHONE not in told
    assert sold.BUYER_NAME not in told


@pytest.mark.parametrize("platform", PLATFORMS)
def test_an_expired_token_is_refreshed_and_the_call_made_again(sessions: Sessions, world: World, platform: str) -> None:
    tell(world, platform)
    fetch(sessions, platform)
    world.expire_tokens()
    assert fetch(sessions, platform) == WANTED[platform]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_orders_of_a_time_are_listed_over_all_pages(sessions: Sessions, world: World, platform: str) -> None:
    numbers = [f"N{number:04d}" if platform != "lazada" else str(10000 + number) for number in range(230)]
    world.orders[platform] = {
        number: sold.sendo_order(number, 2, 1_700_000_000) if platform == "sendo" else {} for number in numbers
    }
    found = sessions.all(platform)[0]
    assert sorted(found[0].orders_created(found[1], AT, AT + timedelta(days=1))) == numbers


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_platform_in_trouble_is_asked_again(sessions: Sessions, world: World, status: int) -> None:
    tell(world, "shopee")
    fetch(sessions, "shopee")
    world.fail(status, times=2)
    assert fetch(sessions, "shopee") == WANTED["shopee"]


def test_patience_ends_with_an_error_that_may_be_tried_later(sessions: Sessions, world: World) -> None:
    tell(world, "shopee")
    fetch(sessions, "shopee")
    calls = world.calls.total()
    world.fail(500, times=10)
    with pytest.raises(PlatformUnavailable) as raised:
        fetch(sessions, "shopee")
    assert raised.value.retriable
    assert world.calls.total() - calls == 3
    assert "access" not in str(raised.value)


def test_an_order_the_platform_does_not_know_is_refused(sessions: Sessions, world: World) -> None:
    tell(world, "shopee")
    with pytest.raises(PlatformRefused, match="no order B9"):
        fetch(sessions, "shopee", "B9")


def test_threads_refresh_a_spent_token_once(sessions: Sessions, world: World) -> None:
    tell(world, "shopee")
    fetch(sessions, "shopee")
    world.expire_tokens()
    found: list[Order] = []
    threads = [threading.Thread(target=lambda: found.append(fetch(sessions, "shopee"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert found == [WANTED["shopee"]] * 8
    assert world.calls["/api/v2/auth/access_token/get"] == 2


def test_tokens_outlive_the_process_in_a_private_file(sessions: Sessions, world: World, tmp_path: Path) -> None:
    tell(world, "shopee")
    fetch(sessions, "shopee")
    kept = tmp_path / "tokens.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert json.loads(kept.read_text())[f"shopee:{SHOPS['shopee'][0]}"]["refresh"] == "shopee-refresh'"
    again = Sessions(sessions.marketplaces, sessions.tokens, sessions.http, sessions.patience)
    assert fetch(again, "shopee") == WANTED["shopee"]
    assert world.calls["/api/v2/auth/access_token/get"] == 1


def test_no_token_and_no_secret_is_logged(
    sessions: Sessions, world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    tell(world, *PLATFORMS)
    opened = open_sessions(sessions.marketplaces, tmp_path)
    with opened.http:
        for platform in PLATFORMS:
            fetch(opened, platform)
        world.fail(500)
        fetch(opened, "shopee")
    assert "platform_retry" in {getattr(record, "action", "") for record in caplog.records}
    assert not [word for word in ("access-", "-refresh", SECRET) if word in caplog.text]


def test_a_shop_that_withdrew_its_authorisation_is_told_so(sessions: Sessions, world: World) -> None:
    world.refresh_tokens.clear()
    with pytest.raises(AuthorisationEnded, match="refresh_token"):
        fetch(sessions, "shopee")


@pytest.mark.parametrize(
    ("states", "wanted"),
    [
        (("delivered", "shipped"), "shipping"),
        (("delivered", "canceled"), "delivered"),
        (("canceled", "canceled"), "cancelled"),
        (("returned", "canceled"), "returned"),
        (("returned", "delivered"), "delivered"),
        (("lost_by_3pl", "canceled"), "failed"),
    ],
)
def test_the_lines_of_a_lazada_order_make_its_state(states: tuple[str, ...], wanted: str) -> None:
    assert lazada_orders.read_items(sold.lazada_items(*states)).status == wanted


def test_a_line_that_fell_out_of_a_lazada_order_is_not_paid() -> None:
    order = lazada_orders.read_items(sold.lazada_items("delivered", "canceled"))
    assert (order.total, order.lines[0].quantity) == (255000, 1)


def test_the_pushed_line_of_a_lazada_order_counts_as_pushed() -> None:
    items = sold.lazada_items("delivered", "delivered")
    assert lazada_orders.read_items(items, "1", "shipped").status == "shipping"
