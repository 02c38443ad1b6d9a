"""Apps, and pushes signed with their secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from producers.marketplaces.accept import Push, Verdict, accept
from producers.marketplaces.platforms import PLATFORMS, Platform
from producers.marketplaces.shops import App, Marketplaces, Shop
from producers.marketplaces.signing import base_string, hmac_hex
from tests.unit.marketplaces.memory_store import MemoryStore

NOW = datetime(2026, 3, 1, 5, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
URL = "https://data.example.vn/webhooks/x"
SHOP_IDS = {"shopee": "204118733", "lazada": "1234567", "tiktok": "7494049642642441621", "sendo": "808516"}
SIGNED = ("shopee", "lazada", "tiktok")


def app_of(platform: str, secret: str = "secret", **more: Any) -> App:
    shop = Shop(platform, SHOP_IDS[platform], "00688")
    key = "push-key" if platform == "sendo" else None
    return App(platform, "app-key", secret, (shop,), callback_url=URL, push_key=key, **more)


MARKETPLACES = Marketplaces(tuple(app_of(platform) for platform in SHOP_IDS))


def content(platform: str, state: str = "SHIPPED", sent: int = SECONDS, updated: int = SECONDS - 60) -> dict[str, Any]:
    """A push as the platform documents it."""
    if platform == "shopee":
        data: dict[str, Any] = {"items": [], "ordersn": "220810QSK8S7BX", "status": state, "update_time": updated}
        return {"data": data, "shop_id": int(SHOP_IDS["shopee"]), "code": 3, "timestamp": sent}
    if platform == "lazada":
        data = {
            "order_status": state,
            "status_update_time": updated,
            "trade_order_id": "26",
            "trade_order_line_id": "27",
        }
        head = {"seller_id": SHOP_IDS["lazada"], "message_type": 0, "site": "lazada_vn"}
        return {**head, "data": data, "timestamp": sent * 1000 + 530}
    if platform == "tiktok":
        data = {"order_id": "576486316948490001", "order_status": state, "update_time": updated}
        head = {"type": 1, "tts_notification_id": "7327112393057371910", "shop_id": SHOP_IDS["tiktok"]}
        return {**head, "data": data, "timestamp": sent}
    order = {"order_number": "16243272720", "order_status": 3, "order_status_date_time_stamp": updated}
    return {"shop_id": SHOP_IDS["sendo"], "sales_order": {**order, "buyer_phone": "0912345678"}}


def push_of(platform: str, **changed: Any) -> Push:
    return signed(platform, json.dumps(content(platform, **changed)).encode())


def signed(platform: str, body: bytes, app: App | None = None) -> Push:
    app = app or app_of(platform)
    template = app.base_string or PLATFORMS[platform].base_string
    if template is None:
        return Push(body, "push-key")
    return Push(body, hmac_hex(app.secret, base_string(template, url=URL, app_key=app.key, body=body)))


def judge(
    push: Push,
    platform: str | Platform,
    store: MemoryStore | None = None,
    marketplaces: Marketplaces = MARKETPLACES,
    now: datetime = NOW,
) -> Verdict:
    each = PLATFORMS[platform] if isinstance(platform, str) else platform
    return accept(push, each, marketplaces, MemoryStore() if store is None else store, now)
