"""Shopee's pushes: whole orders, code 3. https://open.shopee.com/push-mechanism/1"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from producers.marketplaces import reading
from producers.marketplaces.change import Change

BASE_STRING = "{url}|{body}"
# Three retries after 5 minutes, half an hour and three hours; what fails after that is in the list of lost pushes.
MAX_AGE = timedelta(hours=4)
ORDER_STATUS = 3

# IN_CANCEL: the buyer asks for it, the order still waits to be shipped; `platform_status` tells.
STATES: Mapping[str, str] = {
    "UNPAID": "unpaid",
    "PENDING": "confirmed",
    "INVOICE_PENDING": "confirmed",
    "READY_TO_SHIP": "to_ship",
    "PROCESSED": "to_ship",
    "RETRY_SHIP": "to_ship",
    "IN_CANCEL": "to_ship",
    "SHIPPED": "shipping",
    "TO_CONFIRM_RECEIVE": "delivered",
    "COMPLETED": "completed",
    "CANCELLED": "cancelled",
    "TO_RETURN": "returned",
}


def read_push(body: bytes | str) -> Change | None:
    """The change that a push tells; None for one that is not about an order's state. Raises PushUnreadable."""
    push = reading.json_object(body)
    if reading.number(push, "code") != ORDER_STATUS:
        return None
    data = reading.part(push, "data")
    return Change(
        platform="shopee",
        shop_id=reading.text(push, "shop_id"),
        order_id=reading.text(data, "ordersn"),
        state=reading.text(data, "status"),
        updated_at=reading.moment(data, "update_time"),
        sent_at=reading.moment(push, "timestamp"),
    )
