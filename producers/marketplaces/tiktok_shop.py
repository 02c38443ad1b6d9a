"""TikTok Shop's pushes: whole orders, type 1. Its documentation: webhook "1. Order status change"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from producers.marketplaces import reading
from producers.marketplaces.change import Change

BASE_STRING = "{app_key}{body}"
# Four retries, the last 15 hours and 32 minutes after the first try.
MAX_AGE = timedelta(hours=16)
ORDER_STATUS = 1

# The documentation of the push says CANCEL, that of the order call CANCELLED.
STATES: Mapping[str, str] = {
    "UNPAID": "unpaid",
    "ON_HOLD": "confirmed",
    "AWAITING_SHIPMENT": "to_ship",
    "AWAITING_COLLECTION": "to_ship",
    "PARTIALLY_SHIPPING": "shipping",
    "IN_TRANSIT": "shipping",
    "DELIVERED": "delivered",
    "COMPLETED": "completed",
    "CANCEL": "cancelled",
    "CANCELLED": "cancelled",
}


def read_push(body: bytes | str) -> Change | None:
    """The change that a push tells; None for one that is not about an order's state. Raises PushUnreadable."""
    push = reading.json_object(body)
    if reading.number(push, "type") != ORDER_STATUS:
        return None
    data = reading.part(push, "data")
    return Change(
        platform="tiktok",
        shop_id=reading.text(push, "shop_id"),
        order_id=reading.text(data, "order_id"),
        state=reading.text(data, "order_status"),
        updated_at=reading.moment(data, "update_time"),
        sent_at=reading.moment(push, "timestamp"),
    )
