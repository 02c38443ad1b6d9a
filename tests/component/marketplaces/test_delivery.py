"""From a push over HTTP to a record in Kafka."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from infra.object_store import LakeStore, StoreUnavailable
from infra.settings import Settings
from producers.client import NotAcknowledged
from producers.marketplaces import raw_store
from producers.marketplaces.calls import PlatformUnavailable
from producers.marketplaces.deliver import Delivery
from producers.marketplaces.lane import Lane
from producers.marketplaces.pull import pull_sendo, pull_tiki
from producers.marketplaces.routes import PushLimits
from producers.marketplaces.run import run_marketplaces
from producers.marketplaces.sessions import Sessions
from producers.marketplaces.shopee_lost import recover_lost
from tests.component.marketplaces import pushes, sold
from tests.component.marketplaces.refusing import refusing
from tests.component.marketplaces.serving import post, serving
from tests.component.marketplaces.topic import Topic
from tests.component.marketplaces.world import World
from tests.unit.marketplaces.memory_store import MemoryStore

AT = int(time.time()) - 3600
PUSHED = ("shopee", "lazada", "tiktok", "sendo")


@pytest.fixture
def topic(servers: Settings) -> Topic:
    return Topic(servers)


@pytest.fixture
def client(sessions: Sessions, lake: LakeStore) -> Iterator[httpx.Client]:
    with serving(sessions.marketplaces, lake, PushLimits()) as client:
        yield client


def drain(delivery: Delivery) -> int:
    return sum(Lane(platform, delivery, time.monotonic).drain() for platform in PUSHED)


def sell(world: World) -> None:
    world.orders = {
        "shopee": {"S1": sold.shopee_order("S1")},
        "lazada": {"26": sold.lazada_items("shipped", "shipped")},
        "tiktok": {"T1": sold.tiktok_order("T1")},
        "sendo": {"D1": sold.sendo_order("D1", 7, AT)},
    }


def test_pushes_of_four_platforms_become_records_once(
    client: httpx.Client, delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    sell(world)
    sent = [
        pushes.shopee_push("S1", "SHIPPED", AT),
        pushes.shopee_push("S1", "TO_CONFIRM_RECEIVE", AT + 60),
        pushes.lazada_push("26", "1", "shipped", AT),
        pushes.lazada_push("26", "2", "shipped", AT),
        pushes.tiktok_push("T1", "BEAMED_UP", AT),
        pushes.sendo_push(sold.sendo_order("D1", 6, AT - 60)),
    ]
    for push in [*sent, *reversed(sent)]:
        assert post(client, push).status_code == 200
    assert drain(delivery) == 6
    for push in sent:
        assert post(client, push).status_code == 200
    assert drain(delivery) == 0

    records = topic.records(6)
    assert Counter((record.event["platform"], record.event["status"]) for record in records) == {
        ("shopee", "shipping"): 1,
        ("shopee", "delivered"): 1,
        ("lazada", "shipping"): 2,
        ("tiktok", "unknown"): 1,
        ("sendo", "delivered"): 1,
    }
    assert len({str(record.event["event_id"]) for record in records}) == 6
    for record in records:
        assert raw_store.raw_key_of(lake, str(record.event["event_id"])) == record.raw_key
        payload = lake.get(record.raw_key)
        assert json.loads(payload)
        assert sold.BUYER_PHONE.encode() not in payload
    assert {lake.get(record.raw_key) for record in records} >= {push.body for push in sent[:5]}


def test_a_push_waits_while_its_platform_is_away_and_harms_no_other(
    client: httpx.Client, delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    sell(world)
    for push in (pushes.shopee_push("S1", "SHIPPED", AT), pushes.tiktok_push("T1", "IN_TRANSIT", AT)):
        assert post(client, push).status_code == 200
    clock = [0.0]
    lanes = {name: Lane(name, delivery, lambda: clock[0]) for name in ("shopee", "tiktok")}
    world.fail(503, times=3)
    assert (lanes["shopee"].drain(), lanes["tiktok"].drain()) == (0, 1)
    assert len(list(raw_store.pending_of(lake, "shopee"))) == 1
    assert lanes["shopee"].drain() == 0, "it is not asked again at once"
    clock[0] = 6.0
    assert lanes["shopee"].drain() == 1
    assert {record.event["platform"] for record in topic.records(2)} == {"shopee", "tiktok"}


def test_an_order_that_breaks_the_contract_is_kept_with_the_reason(
    client: httpx.Client, delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    broken = sold.shopee_order("S1")
    broken["item_list"][0]["model_quantity_purchased"] = 0
    world.orders = {"shopee": {"S1": broken, "S2": "no object", "S3": sold.shopee_order("S3")}}
    for number in ("S1", "S2", "S3"):
        assert post(client, pushes.shopee_push(number, "SHIPPED", AT)).status_code == 200
    drain(delivery)
    assert [record.event["order_id"] for record in topic.records(1)] == ["S3"]
    reasons = sorted(refused.reason for refused in raw_store.refused_of(lake, "shopee"))
    assert reasons[0].startswith("EventInvalid: [min] lines[0].quantity")
    assert reasons[1].startswith("OrderUnreadable")


def test_lost_pushes_are_fetched_by_the_hundred_and_confirmed_when_durable(sessions: Sessions, world: World) -> None:
    store = MemoryStore()
    texts = [pushes.shopee_push(f"L{number:03d}", "COMPLETED", AT).body.decode() for number in range(102)]
    world.lost = [{"id": 1000 + place, "data": text} for place, text in enumerate([*texts, "not json", texts[0]])]
    (_platform, session) = sessions.all("shopee")[0]
    recover_lost(session, store)
    assert world.confirmed == [1099, 1103]
    assert world.lost == []
    owed = list(raw_store.pending_of(store, "shopee"))
    assert len({pending.event_id for pending in owed}) == len(owed) == 102
    for pending in owed:
        raw_store.mark_delivered(store, pending.event_id, pending.raw_key, pending)
    world.lost = [{"id": 2000, "data": texts[5]}]
    assert recover_lost(session, store) == 0
    assert world.confirmed[-1] == 2000


def test_lost_pushes_that_could_not_be_kept_are_not_confirmed(sessions: Sessions, world: World) -> None:
    class Away(MemoryStore):
        def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
            raise StoreUnavailable(key)

    world.lost = [{"id": 1, "data": pushes.shopee_push("S1", "COMPLETED", AT).body.decode()}]
    (_platform, session) = sessions.all("shopee")[0]
    with pytest.raises(StoreUnavailable):
        recover_lost(session, Away())
    assert world.confirmed == []


def test_a_push_that_kafka_did_not_take_stays_owed(
    client: httpx.Client, sessions: Sessions, world: World, lake: LakeStore
) -> None:
    sell(world)
    assert post(client, pushes.shopee_push("S1", "SHIPPED", AT)).status_code == 200
    assert Lane("shopee", Delivery(sessions, lake, refusing), time.monotonic).drain() == 0
    (pending,) = raw_store.pending_of(lake, "shopee")
    assert not raw_store.is_delivered(lake, pending.event_id)


def test_tikis_queue_is_acknowledged_after_kafka_has_the_events(
    delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    world.orders = {"tiki": {"K1": sold.tiki_order("K1"), "K2": sold.tiki_order("K2")}}
    world.tiki_events = [
        sold.tiki_event("K1", "queueing", AT, "ORDER_CREATED_SUCCESSFULLY"),
        sold.tiki_event("K1", "shipping", AT + 60),
        sold.tiki_event("7", "x", AT, "PRODUCT_PRICE_UPDATED"),
        {"id": "odd", "type": "ORDER_STATUS_UPDATED", "payload": []},
        sold.tiki_event("K2", "delivered", AT),
    ]
    (_platform, session) = delivery.sessions.all("tiki")[0]
    session.access()
    world.fail(503, times=3)
    with pytest.raises(PlatformUnavailable):
        pull_tiki(delivery, session)
    assert world.acknowledged == []
    while pull_tiki(delivery, session):
        pass
    assert world.acknowledged == ["after-2", "after-2", "after-1"]
    steps = {(record.event["order_id"], record.event["status"]) for record in topic.records(3)}
    assert steps == {("K1", "confirmed"), ("K1", "shipping"), ("K2", "delivered")}
    assert [refused.name for refused in raw_store.refused_of(lake, "tiki")] == ["odd"]


def test_what_kafka_did_not_take_is_not_acknowledged(
    sessions: Sessions, delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    world.orders = {"tiki": {"K1": sold.tiki_order("K1")}}
    world.tiki_events = [sold.tiki_event("K1", "shipping", AT)]
    (_platform, session) = sessions.all("tiki")[0]
    with pytest.raises(NotAcknowledged):
        pull_tiki(Delivery(sessions, lake, refusing), session)
    assert world.acknowledged == []
    assert pull_tiki(delivery, session) == 1
    assert world.acknowledged == ["after-1"]
    topic.records(1)


def test_sendos_changed_orders_are_pulled_once(delivery: Delivery, topic: Topic, world: World) -> None:
    world.orders = {"sendo": {f"D{number}": sold.sendo_order(f"D{number}", 6, AT) for number in range(5)}}
    (_platform, session) = delivery.sessions.all("sendo")[0]
    assert pull_sendo(delivery, session) == 5
    assert pull_sendo(delivery, session) == 0
    world.orders["sendo"]["D0"] = sold.sendo_order("D0", 7, AT + 60)
    assert pull_sendo(delivery, session) == 1
    assert len(topic.records(6)) == 6


def test_one_order_of_sendo_that_cannot_be_used_holds_back_no_other(
    delivery: Delivery, topic: Topic, world: World, lake: LakeStore
) -> None:
    world.orders = {"sendo": {f"D{number}": sold.sendo_order(f"D{number}", 6, AT) for number in range(4)}}
    world.orders["sendo"]["D1"]["sku_details"][0]["price"] = "much"
    world.orders["sendo"]["D2"]["sales_order"]["order_status"] = None
    (_platform, session) = delivery.sessions.all("sendo")[0]
    assert pull_sendo(delivery, session) == 2
    topic.records(2)
    refused = sorted(refused.reason for refused in raw_store.refused_of(lake, "sendo"))
    assert refused == [
        "OrderUnreadable: price is no amount of VND: much",
        "PushUnreadable: order_status must be a text, is NoneType",
    ]
    assert not [key for key in lake.list_after("raw/") if sold.BUYER_PHONE.encode() in lake.get(key)]


def test_all_jobs_run_side_by_side_until_told_to_stop(
    client: httpx.Client, delivery: Delivery, topic: Topic, world: World
) -> None:
    sell(world)
    world.orders["tiki"] = {"K1": sold.tiki_order("K1")}
    world.tiki_events = [sold.tiki_event("K1", "shipping", AT)]
    world.lost = [{"id": 1, "data": pushes.shopee_push("S1", "COMPLETED", AT).body.decode()}]
    assert post(client, pushes.lazada_push("26", "1", "shipped", AT)).status_code == 200
    stop = threading.Event()
    running = threading.Thread(target=partial(run_marketplaces, delivery, stop))
    running.start()
    try:
        found = {record.event["platform"] for record in topic.records(4)}
    finally:
        stop.set()
        running.join(10)
    assert found == {"lazada", "tiki", "shopee", "sendo"}
    assert not running.is_alive()
