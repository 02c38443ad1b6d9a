"""Orders at shops of the province, each followed from the purchase on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from producers.simulator.calendar import JUNE_2021, VIETNAM, Period, after
from producers.simulator.identity import event_id
from producers.simulator.places import Places
from producers.simulator.shops import ORDERED_FROM, Shop, shops

Event = dict[str, Any]
EVENT = "order_status_changed"

# Typical goods of the province (facts of 2021-2022), with a usual price of a unit in VND.
GOODS = (
    ("CHE-SHAN", "Chè Shan tuyết", 180_000, 4),
    ("MAT-ONG", "Mật ong bạc hà Mèo Vạc", 350_000, 4),
    ("CAM-SANH", "Cam sành", 25_000, 3),
    ("THIT-BO", "Thịt bò khô", 420_000, 3),
    ("GAO-GIA-DUI", "Gạo Già Dui", 38_000, 3),
    ("HONG-KHONG-HAT", "Hồng không hạt", 60_000, None),
    ("RUOU-NGO", "Rượu ngô Thanh Vân", 120_000, 3),
    ("TAM-GIAC-MACH", "Bánh tam giác mạch", 15_000, None),
)

# What each platform calls the neutral states (facts on marketplaces).
CALLED = {
    "shopee": "UNPAID PENDING READY_TO_SHIP SHIPPED TO_CONFIRM_RECEIVE COMPLETED CANCELLED TO_RETURN".split(),
    "lazada": "unpaid pending packed shipped delivered confirmed canceled returned".split(),
    "tiki": "waiting_payment processing picking shipping delivered complete canceled returned".split(),
}
STATES = ("unpaid", "confirmed", "to_ship", "shipping", "delivered", "completed", "cancelled", "returned")


def order_events(rng: Random, places: Places) -> Iterator[list[Event]]:
    """Endless orders of June 2021 at the shops that deliver orders as events."""
    return orders_at(rng, shops(places)[:ORDERED_FROM], JUNE_2021)


def orders_at(rng: Random, sellers: Sequence[Shop], period: Period) -> Iterator[list[Event]]:
    """Endless orders placed in the period: the list of steps of each, in the order they happened."""
    number = 0
    while True:
        number += 1
        yield list(_steps(rng, rng.choice(sellers), period, number))


def _steps(rng: Random, shop: Shop, period: Period, number: int) -> Iterator[Event]:
    platform = shop.platform
    bought = datetime.combine(period.day(rng), time(), VIETNAM).astimezone(UTC)
    bought += timedelta(milliseconds=rng.randrange(24 * 3600 * 1000))
    order = {
        "source": f"{platform}:{shop.shop_id}",
        "synthetic": True,
        "platform": platform,
        "shop_id": shop.shop_id,
        "order_id": f"{bought:%y%m%d}{number:07d}",
        "seller_commune_code": shop.commune,
        **_amounts(rng),
    }
    previous, moment = None, bought
    for status in _walk(rng):
        if moment >= period.end:
            return
        yield {
            "event_id": event_id(rng, moment),
            "occurred_at": moment,
            **order,
            "previous_status": previous,
            "status": status,
            "platform_status": CALLED[platform][STATES.index(status)],
        }
        previous, moment = status, after(rng, moment, 1, 40)


def _amounts(rng: Random) -> Event:
    lines = [_line(rng, good) for good in rng.sample(GOODS, rng.choices([1, 2, 3], [70, 22, 8])[0])]
    goods = sum(line["line_total_vnd"] for line in lines)
    shipping = rng.choice([0, 15_000, 25_000, 32_000])
    discount = min(goods, rng.choice([0, 0, 0, 10_000, 20_000]))
    return {
        "total_vnd": goods + shipping - discount,
        "shipping_fee_vnd": shipping,
        "discount_vnd": discount,
        "lines": lines,
    }


def _line(rng: Random, good: tuple[str, str, int, int | None]) -> Event:
    code, name, price, stars = good
    quantity = rng.randint(1, 5)
    return {
        "product_code": code,
        "product_name": name,
        "quantity": quantity,
        "unit_price_vnd": price,
        "line_total_vnd": quantity * price,
        "ocop_stars": stars,
    }


def _walk(rng: Random) -> tuple[str, ...]:
    """The states an order goes through: most are delivered, some cancelled, a few returned."""
    start: tuple[str, ...] = ("unpaid", "confirmed") if rng.random() < 0.4 else ("confirmed",)
    chance = rng.random()
    if chance < 0.08:
        return (*start, "cancelled")
    if chance < 0.11:
        return (*start, "to_ship", "shipping", "delivered", "returned")
    return (*start, "to_ship", "shipping", "delivered", "completed")
