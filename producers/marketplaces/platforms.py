"""The platforms: what each does in its own way, under one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from producers.marketplaces import (
    lazada,
    lazada_orders,
    sendo,
    sendo_orders,
    shopee,
    shopee_orders,
    tiki,
    tiki_orders,
    tiktok_shop,
    tiktok_shop_orders,
)
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Order
from producers.marketplaces.session import Session
from producers.marketplaces.tokens import Token


@dataclass(frozen=True)
class Platform:
    """`name` is the contract's word. `path` is where it pushes to, None for one that is only pulled.

    `base_string` None: pushes are unsigned, and a key in the URL stands for the signature.
    `fetch` completes a change by the order call, and may correct it.
    """

    name: str
    path: str | None
    base_string: str | None
    max_age: timedelta
    states: Mapping[str, str]
    api_url: str
    auth_url: str
    read_push: Callable[[bytes | str], Change | None]
    fetch: Callable[[Session, Change], tuple[Change, Order]]
    orders_created: Callable[[Session, datetime, datetime], Iterator[str]]
    refresh: Callable[[Session, str | None], Token]


SHOPEE = Platform(
    name="shopee",
    path="shopee",
    base_string=shopee.BASE_STRING,
    max_age=shopee.MAX_AGE,
    states=shopee.STATES,
    api_url=shopee_orders.API_URL,
    auth_url=shopee_orders.API_URL,
    read_push=shopee.read_push,
    fetch=shopee_orders.fetch,
    orders_created=shopee_orders.orders_created,
    refresh=shopee_orders.refresh,
)
LAZADA = Platform(
    name="lazada",
    path="lazada",
    base_string=lazada.BASE_STRING,
    max_age=lazada.MAX_AGE,
    states=lazada.STATES,
    api_url=lazada_orders.API_URL,
    auth_url=lazada_orders.AUTH_URL,
    read_push=lazada.read_push,
    fetch=lazada_orders.fetch,
    orders_created=lazada_orders.orders_created,
    refresh=lazada_orders.refresh,
)
TIKTOK = Platform(
    name="tiktok",
    path="tiktok-shop",
    base_string=tiktok_shop.BASE_STRING,
    max_age=tiktok_shop.MAX_AGE,
    states=tiktok_shop.STATES,
    api_url=tiktok_shop_orders.API_URL,
    auth_url=tiktok_shop_orders.AUTH_URL,
    read_push=tiktok_shop.read_push,
    fetch=tiktok_shop_orders.fetch,
    orders_created=tiktok_shop_orders.orders_created,
    refresh=tiktok_shop_orders.refresh,
)
TIKI = Platform(
    name="tiki",
    path=None,
    base_string=None,
    max_age=timedelta(0),
    states=tiki.STATES,
    api_url=tiki_orders.API_URL,
    auth_url=tiki_orders.API_URL,
    read_push=tiki.read_push,
    fetch=tiki_orders.fetch,
    orders_created=tiki_orders.orders_created,
    refresh=tiki_orders.refresh,
)
SENDO = Platform(
    name="sendo",
    path="sendo",
    base_string=None,
    max_age=sendo.MAX_AGE,
    states=sendo.STATES,
    api_url=sendo_orders.API_URL,
    auth_url=sendo_orders.API_URL,
    read_push=sendo.read_push,
    fetch=sendo_orders.fetch,
    orders_created=sendo_orders.orders_created,
    refresh=sendo_orders.refresh,
)

PLATFORMS: Mapping[str, Platform] = {each.name: each for each in (SHOPEE, LAZADA, TIKTOK, TIKI, SENDO)}
PUSHED = tuple(each for each in PLATFORMS.values() if each.path)
