"""Pushes as the platforms make them, signed from their documentation."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

from tests.component.marketplaces import lazada_api, sendo_api, shopee_api, tiktok_api
from tests.component.marketplaces.world import KEY, SECRET

CALLBACK = "https://data.example.vn/webhooks/"


@dataclass(frozen=True)
class SignedPush:
    path: str
    body: bytes
    authorization: str = ""


def _mac(message: bytes) -> str:
    return hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()


def shopee_push(number: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    data = {"items": [], "ordersn": number, "status": status, "completed_scenario": "", "update_time": updated}
    push = {"data": data, "shop_id": int(shopee_api.SHOP), "code": 3, "timestamp": int(sent or time.time())}
    return sign_shopee(json.dumps(push).encode())


def sign_shopee(body: bytes) -> SignedPush:
    return SignedPush("shopee", body, _mac(f"{CALLBACK}shopee|".encode() + body))


def lazada_push(number: str, line: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    data = {
        "order_status": status,
        "trade_order_id": number,
        "trade_order_line_id": line,
        "status_update_time": updated,
    }
    push = {
        "seller_id": lazada_api.SELLER,
        "message_type": 0,
        "data": data,
        "timestamp": int((sent or time.time()) * 1000),
        "site": "lazada_vn",
    }
    return sign_lazada(json.dumps(push).encode())


def sign_lazada(body: bytes) -> SignedPush:
    return SignedPush("lazada", body, _mac(KEY.encode() + body))


def tiktok_push(number: str, status: str, updated: int, sent: float | None = None) -> SignedPush:
    data = {"order_id": number, "order_status": status, "is_on_hold_order": False, "update_time": updated}
    push = {
        "type": 1,
        "tts_notification_id": "7327112393057371910",
        "shop_id": tiktok_api.SHOP,
        "timestamp": int(sent or time.time()),
        "data": data,
    }
    return sign_tiktok(json.dumps(push).encode())


def sign_tiktok(body: bytes) -> SignedPush:
    return SignedPush("tiktok-shop", body, _mac(KEY.encode() + body))


def sendo_push(order: dict[str, Any], key: str = "sendo-push-key") -> SignedPush:
    return SignedPush(f"sendo?key={key}", json.dumps({"shop_id": sendo_api.SHOP, **order}).encode())
