"""Tiki's events, pulled from its queue: whole orders. https://open.tiki.vn, "Event type" """

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from producers.marketplaces import reading
from producers.marketplaces.change import Change

ORDER_EVENTS = frozenset({"ORDER_CREATED_SUCCESSFULLY", "ORDER_STATUS_UPDATED"})

STATES: Mapping[str, str] = {
    "waiting_payment": "unpaid",
    "payment_review": "unpaid",
    "paid": "confirmed",
    "processing": "confirmed",
    "queueing": "confirmed",
    "holded": "confirmed",
    "picking": "to_ship",
    "packaging": "to_ship",
    "finished_packing": "to_ship",
    "ready_to_ship": "to_ship",
    "handover_to_partner": "shipping",
    "shipping": "shipping",
    "successful_delivery": "delivered",
    "delivered": "delivered",
    "complete": "completed",
    "closed": "completed",
    "canceled": "cancelled",
    "returned": "returned",
}


def read_event(event: Mapping[str, Any]) -> Change | None:
    """The change that an event of the queue tells; None for one on products. Raises PushUnreadable.

    `sid` is the seller; `created_at` of the event is the time of the step, since the payload has none.
    """
    if reading.text(event, "type") not in ORDER_EVENTS:
        return None
    payload = reading.part(event, "payload")
    return Change(
        platform="tiki",
        shop_id=reading.text(event, "sid"),
        order_id=reading.text(payload, "order_code"),
        state=reading.text(payload, "status"),
        updated_at=_created(event),
    )


def read_push(body: bytes | str) -> Change | None:
    """A kept event, read again."""
    return read_event(reading.json_object(body))


def _created(event: Mapping[str, Any]) -> Any:
    value = event.get("created_at")
    if isinstance(value, str) and not value.isdigit():
        return reading.local_moment(value, "created_at")
    return reading.moment(event, "created_at")
