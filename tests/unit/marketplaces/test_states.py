"""Platforms' words for states, mapped to the contract's."""

from __future__ import annotations

import pytest

from producers.marketplaces.change import Change, event_id_of
from producers.marketplaces.orders import Line, Order, OrderUnreadable, balanced, event_of, merged, vnd
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.shops import Shop
from schemas.catalog import load_catalog
from schemas.codec import violations
from tests.unit.marketplaces.given import NOW

CONTRACT = load_catalog()["order_status_changed"]
KNOWN = {"unpaid", "confirmed", "to_ship", "shipping", "delivered", "completed", "cancelled", "returned", "failed"}
# The states named in the platforms' documentations and in the project's facts, written down apart from the code.
NAMED = {
    "shopee": "UNPAID PENDING READY_TO_SHIP PROCESSED RETRY_SHIP SHIPPED TO_CONFIRM_RECEIVE COMPLETED IN_CANCEL "
    "CANCELLED TO_RETURN INVOICE_PENDING",
    "lazada": "unpaid pending packed ready_to_ship ready_to_ship_pending shipped delivered confirmed failed_delivery "
    "lost_by_3pl damaged_by_3pl returned canceled shipped_back shipped_back_success shipped_back_failed "
    "packed_scrapped topack toship package_scrapped",
    "tiktok": "UNPAID ON_HOLD AWAITING_SHIPMENT AWAITING_COLLECTION PARTIALLY_SHIPPING IN_TRANSIT DELIVERED COMPLETED "
    "CANCELLED CANCEL",
    "tiki": "waiting_payment payment_review paid processing queueing holded picking packaging finished_packing "
    "ready_to_ship handover_to_partner shipping successful_delivery delivered complete closed canceled returned",
    "sendo": "2 3 6 7 8 13",
}


def change(**changed: object) -> Change:
    values = {
        "platform": "lazada",
        "shop_id": "1",
        "order_id": "A1",
        "state": "shipped",
        "updated_at": NOW,
        "line_id": "7",
    }
    return Change(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_state_a_platform_names_is_mapped(platform: str) -> None:
    states = PLATFORMS[platform].states
    assert set(NAMED[platform].split()) <= set(states)
    assert set(states.values()) <= KNOWN


def test_a_state_the_platform_invented_goes_out_as_unknown_with_its_name() -> None:
    order = Order((Line("A", "a", 1, 1000),), 1000, 0, "shipping")
    event = event_of(change(state="teleported"), order, Shop("lazada", "1", "00688"), PLATFORMS["lazada"].states)
    assert (event["status"], event["platform_status"]) == ("unknown", "teleported")
    assert violations(CONTRACT, event) == []


@pytest.mark.parametrize("part", ["platform", "shop_id", "order_id", "line_id", "state"])
def test_each_part_of_the_natural_key_makes_another_event(part: str) -> None:
    assert event_id_of(change(**{part: "other"})) != event_id_of(change())
    assert event_id_of(change(updated_at=NOW.replace(second=1))) != event_id_of(change())


def test_parts_of_the_key_do_not_run_into_each_other() -> None:
    assert event_id_of(change(order_id="A", line_id="1B")) != event_id_of(change(order_id="A1", line_id="B"))


def test_the_id_of_a_step_never_changes() -> None:
    assert event_id_of(change()) == "7d6c0780-02d4-508e-b30e-58899dea2c24"


@pytest.mark.parametrize(
    ("goods", "shipping", "total", "wanted"),
    [(880, 32, 892, (32, 20)), (880, 32, 912, (32, 0)), (880, 0, 900, (20, 0)), (100, 20, 0, (20, 120))],
)
def test_shipping_and_discount_balance_the_total(
    goods: int, shipping: int, total: int, wanted: tuple[int, int]
) -> None:
    assert balanced(goods, shipping, total) == wanted


@pytest.mark.parametrize("written", [99000, 99000.0, "99000", "99000.00"])
def test_amounts_are_read_as_platforms_write_them(written: object) -> None:
    assert vnd(written, "x") == 99000


@pytest.mark.parametrize(
    "written", [None, True, "", "99,000", "12.5", -1, "-1", "NaN", "Infinity", 10**13, [], float("inf")]
)
def test_what_is_no_amount_of_vnd_is_refused(written: object) -> None:
    with pytest.raises(OrderUnreadable):
        vnd(written, "x")


def test_units_of_one_product_become_a_line() -> None:
    units = [Line("A", "a", 1, 10), Line("B", "b", 1, 10), Line("A", "a", 1, 10), Line("A", "a", 1, 9)]
    assert merged(units) == (Line("A", "a", 2, 10), Line("B", "b", 1, 10), Line("A", "a", 1, 9))
