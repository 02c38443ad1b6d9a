"""Products that the shops list: OCOP products and others, changed and withdrawn through June 2021."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.baseline.ocop import Product, products
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.shops import Shop, shops

EVENT = "product_listed"
HISTORIES = 220
OCOP = 90
"""So many OCOP products are listed, each by about two shops."""

OTHERS = (("HONG-KHONG-HAT", "Hồng không hạt"), ("TAM-GIAC-MACH", "Bánh tam giác mạch"))


def listings(rng: Random, places: Places) -> Iterator[History]:
    """Each listing's versions. A part of all refers to no product beyond the same part of all products."""
    sellers, rated = shops(places), list(products(places))
    for number in range(HISTORIES):
        shop = sellers[number % len(sellers)]
        ocop = rated[number * OCOP // HISTORIES] if number % 4 != 3 else None
        yield _versions(rng, _listing(rng, shop, ocop, number))


def _listing(rng: Random, shop: Shop, ocop: Product | None, number: int) -> dict[str, Any]:
    code, name = (ocop.goods_code, ocop.name) if ocop else OTHERS[number // 4 % len(OTHERS)]
    return {
        "platform": shop.platform,
        "shop_id": shop.shop_id,
        "listing_id": f"{shop.shop_id}-{number + 1:05d}",
        "product_code": code,
        "product_name": name,
        "price_vnd": 1000 * rng.randint(15, 600),
        "stock": rng.randint(0, 500) if number % 5 else None,
        "ocop_product_code": ocop.code if ocop else None,
        "gtin": ocop.gtin if ocop else None,
        "seller_commune_code": shop.commune,
    }


def _versions(rng: Random, listing: dict[str, Any]) -> History:
    """Offered in the first week it may be, then perhaps at another price, then perhaps withdrawn."""
    walk = rng.choices((["offered"], ["offered", "changed"], ["offered", "changed", "withdrawn"]), [45, 40, 15])[0]
    first = office_time(rng, june(rng.randint(7, 11)))
    return [
        happened(
            rng,
            EVENT,
            first + timedelta(days=6 * step),
            f"{listing['platform']}:{listing['shop_id']}",
            **{**listing, "price_vnd": listing["price_vnd"] + 1000 * step},
            listing_state=state,
            listing_version=step + 1,
        )
        for step, state in enumerate(walk)
    ]
