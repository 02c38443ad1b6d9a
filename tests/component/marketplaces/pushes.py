"""Pushes of the tests' shops."""

from __future__ import annotations

import time
from typing import Any

from producers.simulator.platforms import pushes
from producers.simulator.platforms.pushes import CALLBACK, Pusher, SignedPush
from tests.component.marketplaces.accounts import (
    KEY,
    LAZADA_SELLER,
    SECRET,
    SENDO_PUSH_KEY,
    SENDO_SHOP,
    SHOPEE_SHOP,
    TIKTOK_SHOP,
)

__all__ = ["CALLBACK", "SignedPush"]


def pusher(shop: str, sent: float | None = None) -> Pusher:
    return Pusher(KEY, SECRET, shop, sent or time.time())


def shopee_push(number: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    return pusher(SHOPEE_SHOP, sent).shopee(number, status, updated)


def sign_shopee(body: bytes) -> SignedPush:
    return pusher(SHOPEE_SHOP).sign_shopee(body)


def lazada_push(number: str, line: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    return pusher(LAZADA_SELLER, sent).lazada(number, line, status, updated)


def sign_lazada(body: bytes) -> SignedPush:
    return pusher(LAZADA_SELLER).sign_lazada(body)


def tiktok_push(number: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    return pusher(TIKTOK_SHOP, sent).tiktok(number, status, updated)


def sign_tiktok(body: bytes) -> SignedPush:
    return pusher(TIKTOK_SHOP).sign_tiktok(body)


def sendo_push(order: dict[str, Any], key: str = SENDO_PUSH_KEY) -> SignedPush:
    return pushes.sendo_push(SENDO_SHOP, order, key)
