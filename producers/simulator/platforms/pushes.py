"""Pushes as the platforms make them, signed as their documentation says."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any

CALLBACK = "https://data.example.vn/webhooks/"
"""Where the platforms were told to push to; the last part of it is the platform."""


@dataclass(frozen=True)
class SignedPush:
    """`path` is where it is posted to, below `/webhooks/`."""

    path: str
    body: bytes
    authorization: str = ""


@dataclass(frozen=True)
class Pusher:
    """The app that pushes are signed for, and the shop that they tell of; `sent` is the time signed, in seconds."""

    key: str
    secret: str = field(repr=False)
    shop: str
    sent: float

    def shopee(self, number: str, status: str, updated: int) -> SignedPush:
        """An order's state, code 3."""
        data = {"items": [], "ordersn": number, "status": status, "completed_scenario": "", "update_time": updated}
        shop = int(self.shop) if self.shop.isdigit() else self.shop
        return self.sign_shopee(_json({"data": data, "shop_id": shop, "code": 3, "timestamp": int(self.sent)}))

    def sign_shopee(self, body: bytes) -> SignedPush:
        """Over address and body."""
        return SignedPush("shopee", body, self._mac(f"{CALLBACK}shopee|".encode() + body))

    def lazada(self, number: str, line: str, status: str, updated: int) -> SignedPush:
        """The state of a line of an order, message type 0."""
        data = {
            "order_status": status,
            "trade_order_id": number,
            "trade_order_line_id": line,
            "status_update_time": updated,
        }
        push = {"seller_id": self.shop, "message_type": 0, "data": data, "timestamp": int(self.sent * 1000)}
        return self.sign_lazada(_json({**push, "site": "lazada_vn"}))

    def sign_lazada(self, body: bytes) -> SignedPush:
        """Over app key and body."""
        return SignedPush("lazada", body, self._mac(self.key.encode() + body))

    def tiktok(self, number: str, status: str, updated: int) -> SignedPush:
        """An order's state, type 1."""
        data = {"order_id": number, "order_status": status, "is_on_hold_order": False, "update_time": updated}
        push = {"type": 1, "tts_notification_id": "7327112393057371910", "shop_id": self.shop}
        return self.sign_tiktok(_json({**push, "timestamp": int(self.sent), "data": data}))

    def sign_tiktok(self, body: bytes) -> SignedPush:
        """Over app key and body."""
        return SignedPush("tiktok-shop", body, self._mac(self.key.encode() + body))

    def _mac(self, message: bytes) -> str:
        return hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()


def sendo_push(shop: str, order: dict[str, Any], key: str) -> SignedPush:
    """An order; it is not signed, the key stands in the address."""
    return SignedPush(f"sendo?key={key}", _json({"shop_id": shop, **order}))


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()
