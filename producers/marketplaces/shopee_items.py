"""Shopee's open API, version 2: the products of a shop that changed, and what they are.

`v2.product.get_item_list`, `get_item_base_info`, and `get_model_list` for products with variations, whose prices and
stocks stand at their models alone: the lowest price and the sum of the stocks are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from producers.marketplaces import reading
from producers.marketplaces.listings import Listing
from producers.marketplaces.orders import OrderUnreadable, product_code, product_name, vnd
from producers.marketplaces.session import Json, Session
from producers.marketplaces.shopee_orders import shop_call

_PAGE = 100
_AT_ONCE = 50
# REVIEWING is left out: it is told once Shopee has decided.
ON_SALE: Mapping[str, bool] = {
    "NORMAL": True,
    "UNLIST": False,
    "BANNED": False,
    "SELLER_DELETE": False,
    "SHOPEE_DELETE": False,
}


def changed_items(session: Session, since: datetime, until: datetime) -> Iterator[Json]:
    """The products that changed in that time, as get_item_base_info has them."""
    numbers = list(_changed_numbers(session, since, until))
    for start in range(0, len(numbers), _AT_ONCE):
        wanted = ",".join(numbers[start : start + _AT_ONCE])
        page = shop_call(session, "/api/v2/product/get_item_base_info", item_id_list=wanted)
        yield from page.get("item_list") or ()


def read_item(session: Session, item: Json) -> Listing | None:
    """A product as a listing, None for one in a state that is not told."""
    on_sale = ON_SALE.get(str(item.get("item_status")))
    if on_sale is None:
        return None
    models = _models(session, item) if item.get("has_model") else [item]
    stocks = [stock for stock in (_stock(model) for model in models) if stock is not None]
    gtin = str(item.get("gtin_code") or "")
    return Listing(
        platform="shopee",
        shop_id=session.shop.shop_id,
        listing_id=str(item["item_id"]),
        product_code=product_code(item.get("item_sku"), item["item_id"]),
        product_name=product_name(item.get("item_name")),
        on_sale=on_sale,
        price=min(_prices(models)),
        stock=sum(stocks) if stocks else None,
        gtin=gtin if re.fullmatch(r"\d{13}", gtin) else None,
        updated_at=reading.moment(item, "update_time"),
    )


def _changed_numbers(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    offset = 0
    while True:
        page = shop_call(
            session,
            "/api/v2/product/get_item_list",
            offset=str(offset),
            page_size=str(_PAGE),
            update_time_from=str(int(since.timestamp())),
            update_time_to=str(int(until.timestamp())),
            item_status=list(ON_SALE),
        )
        yield from (str(item["item_id"]) for item in page.get("item") or ())
        if not page.get("has_next_page"):
            return
        offset = int(page["next_offset"])


def _models(session: Session, item: Json) -> Sequence[Json]:
    found = shop_call(session, "/api/v2/product/get_model_list", item_id=str(item["item_id"]))
    models: Sequence[Json] = found.get("model") or ()
    return models


def _prices(models: Sequence[Json]) -> list[int]:
    prices = [vnd(price["current_price"], "current_price") for model in models for price in model["price_info"]]
    if not prices:
        raise OrderUnreadable("a product has no price")
    return prices


def _stock(model: Json) -> int | None:
    summary = (model.get("stock_info_v2") or {}).get("summary_info") or {}
    stock = summary.get("total_available_stock")
    return int(stock) if stock is not None else None
