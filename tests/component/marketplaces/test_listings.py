"""From the products of a shop to records in Kafka: each version once."""

from __future__ import annotations

import time

import pytest

from infra.object_store import LakeStore
from infra.settings import Settings
from producers.client import NotAcknowledged
from producers.marketplaces import raw_store
from producers.marketplaces.calls import PlatformUnavailable
from producers.marketplaces.deliver import Delivery
from producers.marketplaces.listing_pull import pull_listings
from producers.marketplaces.session import Session
from producers.marketplaces.sessions import Sessions
from tests.component.marketplaces.refusing import refusing
from tests.component.marketplaces.sold import shopee_product
from tests.component.marketplaces.topic import Topic
from tests.component.marketplaces.world import World

AT = int(time.time()) - 3600


@pytest.fixture
def topic(servers: Settings) -> Topic:
    return Topic(servers, "product_listed")


@pytest.fixture
def shop(sessions: Sessions) -> Session:
    (_platform, session) = sessions.all("shopee")[0]
    return session


def test_what_happens_to_a_product_is_told_once_in_versions(
    delivery: Delivery, shop: Session, topic: Topic, world: World, lake: LakeStore
) -> None:
    steps = (
        ("NORMAL", 350000.0),
        ("NORMAL", 330000.0),
        ("UNLIST", 330000.0),
        ("UNLIST", 320000.0),
        ("NORMAL", 360000.0),
    )
    start = int(time.time()) - 300
    for place, (state, price) in enumerate(steps):
        world.products = [shopee_product(77, state, start + 60 * place, price)]
        pull_listings(delivery, shop)
        assert pull_listings(delivery, shop) == 0
    told = sorted((record.event for record in topic.records(4)), key=lambda event: event["listing_version"])
    assert [(event["listing_state"], event["price_vnd"]) for event in told] == [
        ("offered", 350000),
        ("changed", 330000),
        ("withdrawn", 330000),
        ("offered", 360000),
    ]
    first = told[0]
    assert (first["product_code"], first["stock"], first["gtin"]) == ("MBH-77", 40, "8936012345674")
    assert raw_store.raw_key_of(lake, str(first["event_id"])) is not None


def test_a_whole_catalogue_comes_page_by_page(delivery: Delivery, shop: Session, topic: Topic, world: World) -> None:
    world.products = [shopee_product(number, "NORMAL", AT - number) for number in range(1, 131)]
    world.products += [shopee_product(500, "BANNED", AT), shopee_product(501, "REVIEWING", AT)]
    assert pull_listings(delivery, shop) == 130
    assert {record.event["listing_version"] for record in topic.records(130)} == {1}


def test_variations_are_one_listing_with_the_lowest_price(
    delivery: Delivery, shop: Session, topic: Topic, world: World
) -> None:
    models = [
        {
            "model_id": number,
            "price_info": [{"currency": "VND", "current_price": price}],
            "stock_info_v2": {"summary_info": {"total_available_stock": stock}},
        }
        for number, (price, stock) in enumerate([(90000.0, 4), (70000.0, 5)])
    ]
    world.products = [shopee_product(78, "NORMAL", AT, has_model=True, models=models)]
    assert pull_listings(delivery, shop) == 1
    (record,) = topic.records(1)
    assert (record.event["price_vnd"], record.event["stock"]) == (70000, 9)


def test_a_product_that_cannot_be_used_holds_back_no_other(
    delivery: Delivery, shop: Session, topic: Topic, world: World, lake: LakeStore
) -> None:
    broken = shopee_product(79, "NORMAL", AT, price_info=[])
    world.products = [broken, shopee_product(80, "NORMAL", AT, -5.0), shopee_product(81, "NORMAL", AT)]
    assert pull_listings(delivery, shop) == 1
    assert [record.event["listing_id"] for record in topic.records(1)] == ["81"]
    assert sorted(refused.reason for refused in raw_store.refused_of(lake, "shopee")) == [
        "OrderUnreadable: a product has no price",
        "OrderUnreadable: current_price is no amount of VND: -5.0",
    ]


def test_what_did_not_get_through_comes_again_with_the_same_version(
    sessions: Sessions, delivery: Delivery, shop: Session, topic: Topic, world: World, lake: LakeStore
) -> None:
    world.products = [shopee_product(82, "NORMAL", AT)]
    with pytest.raises(NotAcknowledged):
        pull_listings(Delivery(sessions, lake, refusing), shop)
    world.fail(503, times=3)
    with pytest.raises(PlatformUnavailable):
        pull_listings(delivery, shop)
    assert pull_listings(delivery, shop) == 1
    (record,) = topic.records(1)
    assert (record.event["listing_state"], record.event["listing_version"]) == ("offered", 1)
