"""The platforms' orders of a day against those in core."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from consumers.warehouse.migrate import migrate
from infra.object_store import LakeStore
from infra.settings import Settings
from producers.marketplaces.recount import Difference, bounds, compared, keep_report, recount
from producers.marketplaces.sessions import Sessions
from tests.component.marketplaces import sold
from tests.component.marketplaces.settings_file import SHOPS
from tests.component.marketplaces.world import World
from tests.component.warehouse.mart_rows import put_changed
from tests.databases import own_database

DAY = date(2021, 6, 23)


@pytest.fixture
def engine(servers: Settings) -> Iterator[Engine]:
    with own_database(servers) as engine:
        migrate(engine)
        yield engine


def step(
    order_id: str, total: int, at: str = "2021-06-23T10:00:00+07:00", status: str = "confirmed"
) -> dict[str, object]:
    shop = SHOPS["shopee"][0]
    ids = {"platform": "shopee", "shop_id": shop, "source": f"shopee:{shop}", "order_id": order_id}
    return {**ids, "occurred_at": datetime.fromisoformat(at).astimezone(UTC), "total_vnd": total, "status": status}


def test_missing_orders_and_other_totals_are_named(
    sessions: Sessions, world: World, engine: Engine, lake: LakeStore
) -> None:
    world.orders = {"shopee": {number: sold.shopee_order(number) for number in ("SAME", "OTHER", "MISSING", "LATE")}}
    put_changed(
        engine,
        "order_status_changed",
        step("SAME", 892000),
        step("OTHER", 892000),
        step("OTHER", 1, "2021-06-24T10:00:00+07:00", "completed"),
        step("LATE", 892000, "2021-06-24T00:30:00+07:00"),
        step("ONLY-OURS", 5),
        step("ANOTHER-DAY", 5, "2021-06-22T23:59:59+07:00"),
    )
    found = recount(sessions, engine, DAY)
    (shopee,) = (shop for shop in found.shops if shop.source.startswith("shopee"))
    assert shopee.differences == (Difference("MISSING", 892000, None), Difference("OTHER", 892000, 1))
    assert (shopee.platform_orders, shopee.warehouse_orders) == (4, 3)
    assert (shopee.platform_vnd, shopee.warehouse_vnd) == (4 * 892000, 2 * 892000 + 1)
    assert shopee.only_ours == ("ONLY-OURS",)
    assert found.differs
    assert found.summary == f"shopee:{SHOPS['shopee'][0]}: 2 of 4 orders differ: MISSING, OTHER"
    kept = json.loads(lake.get(keep_report(lake, found)))
    assert kept["day"] == "2021-06-23"


def test_a_platform_that_does_not_answer_stops_no_other(sessions: Sessions, world: World, engine: Engine) -> None:
    put_changed(engine, "order_status_changed", step("A", 1))
    world.fail(503, times=3)
    found = recount(sessions, engine, DAY)
    assert list(found.failed) == [f"shopee:{SHOPS['shopee'][0]}"]
    assert len(found.shops) == len(SHOPS) - 1
    assert found.differs


def test_a_day_is_that_of_vietnam() -> None:
    since, until = bounds(DAY)
    assert (since.astimezone(UTC).hour, until.astimezone(UTC).day) == (17, 23)


def test_sides_that_agree_have_nothing_to_tell() -> None:
    assert compared("shopee:1", {"A": 1}, {"A": 1}).differences == ()
