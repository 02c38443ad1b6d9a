"""Sendo's orders, pushed to a registered URL or pulled: `sales_order` with numbers as states."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from producers.marketplaces import reading
from producers.marketplaces.change import Change

MAX_AGE = timedelta(days=1)

STATES: Mapping[str, str] = {
    "2": "confirmed",
    "3": "to_ship",
    "6": "shipping",
    "7": "delivered",
    "8": "completed",
    "13": "cancelled",
}


def read_push(body: bytes | str) -> Change | None:
    """The order that a push names. It is unsigned: its state is asked for again. Raises PushUnreadable."""
    return read_order(reading.json_object(body))


def read_order(document: Mapping[str, Any]) -> Change:
    """The state of an order as push and order call write it. Raises PushUnreadable.

    The shop is named by `shop_id` or `store_id` of the push, or of the order.
    """
    order = reading.part(document, "sales_order")
    at = document if ("shop_id" in document or "store_id" in document) else order
    return Change(
        platform="sendo",
        shop_id=reading.text(at, "shop_id" if "shop_id" in at else "store_id"),
        order_id=reading.text(order, "order_number"),
        state=reading.text(order, "order_status"),
        updated_at=_changed(order),
    )


def _changed(order: Mapping[str, Any]) -> datetime:
    for name in ("order_status_date_time_stamp", "updated_date_time_stamp"):
        if order.get(name):
            return reading.moment(order, name)
    return reading.local_moment(order.get("order_status_date") or order.get("order_date"), "order_status_date")
