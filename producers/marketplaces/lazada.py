"""Lazada's pushes: one for each line of an order, message type 0. Its documentation: "Lazada Push Mechanism"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from producers.marketplaces import reading
from producers.marketplaces.change import Change

BASE_STRING = "{app_key}{body}"
# Twelve retries, half an hour apart, and one interval to spare.
MAX_AGE = timedelta(hours=7)
TRADE_ORDER = 0

STATES: Mapping[str, str] = {
    "unpaid": "unpaid",
    "pending": "confirmed",
    "topack": "to_ship",
    "packed": "to_ship",
    "repacked": "to_ship",
    "toship": "to_ship",
    "ready_to_ship": "to_ship",
    "ready_to_ship_pending": "to_ship",
    "shipped": "shipping",
    "delivered": "delivered",
    "confirmed": "completed",
    "canceled": "cancelled",
    "packed_scrapped": "cancelled",
    "package_scrapped": "cancelled",
    "returned": "returned",
    "shipped_back": "returned",
    "shipped_back_success": "returned",
    "shipped_back_failed": "failed",
    "failed": "failed",
    "failed_delivery": "failed",
    "lost": "failed",
    "lost_by_3pl": "failed",
    "damaged_by_3pl": "failed",
}


def read_push(body: bytes | str) -> Change | None:
    """The change that a push tells; None for one that is not about an order's state. Raises PushUnreadable."""
    push = reading.json_object(body)
    if reading.number(push, "message_type") != TRADE_ORDER:
        return None
    data = reading.part(push, "data")
    return Change(
        platform="lazada",
        shop_id=reading.text(push, "seller_id"),
        order_id=reading.text(data, "trade_order_id"),
        line_id=reading.text(data, "trade_order_line_id"),
        state=reading.text(data, "order_status").lower(),
        updated_at=reading.moment(data, "status_update_time"),
        sent_at=reading.moment(push, "timestamp"),
    )
