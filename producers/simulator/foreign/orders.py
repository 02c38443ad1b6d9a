"""States of orders as marketplaces tell them: what is pushed, and what the order call answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from producers.marketplaces.change import Change, event_id_of
from producers.simulator.foreign.message import Message
from producers.simulator.platforms.pushes import Pusher, SignedPush
from producers.simulator.record import Event, Record

EVENT = "order_status_changed"
_LINE = "1"


@dataclass(frozen=True)
class Told:
    """A push about an order, not yet signed, and the `order` as the platform's order call gives it."""

    platform: str
    shop: str
    number: str
    state: str
    updated: int
    order: Any

    def pushed_by(self, pusher: Pusher) -> SignedPush:
        """The push, signed."""
        if self.platform == "lazada":
            return pusher.lazada(self.number, _LINE, self.state, self.updated)
        return pusher.shopee(self.number, self.state, self.updated)


def can_say(platform: str, record: Record) -> bool:
    """Whether the platform would tell of this order so that it comes out as it is.

    Shopee leaves out a total of 0. Lazada pushes a state for each unit: only orders of one unit are told by it.
    """
    body = record.body
    if record.event != EVENT or body["platform"] != platform or not body["total_vnd"]:
        return False
    return platform != "lazada" or sum(line["quantity"] for line in body["lines"]) == 1


def message_of(record: Record) -> Message:
    """The state as a push, with times to the second; a push tells neither the state before nor stars of products."""
    body = record.body
    told = {
        **body,
        "occurred_at": body["occurred_at"].replace(microsecond=0),
        "previous_status": None,
        "lines": [{**line, "ocop_stars": None} for line in body["lines"]],
    }
    state, platform = body["platform_status"], body["platform"]
    line_id = _LINE if platform == "lazada" else ""
    change = Change(platform, body["shop_id"], body["order_id"], state, told["occurred_at"], line_id)
    told["event_id"] = event_id_of(change)
    order = {"shopee": _shopee_order, "lazada": _lazada_items}[platform](body)
    updated = int(told["occurred_at"].timestamp())
    return Message(record.as_told(told), Told(platform, body["shop_id"], body["order_id"], state, updated, order))


def _shopee_order(order: Event) -> dict[str, Any]:
    return {
        "order_sn": order["order_id"],
        "currency": "VND",
        "total_amount": float(order["total_vnd"]),
        "estimated_shipping_fee": float(order["shipping_fee_vnd"]),
        "item_list": [
            {
                "item_name": line["product_name"],
                "item_sku": line["product_code"],
                "model_sku": "",
                "model_quantity_purchased": line["quantity"],
                "model_discounted_price": float(line["unit_price_vnd"]),
            }
            for line in order["lines"]
        ],
    }


def _lazada_items(order: Event) -> list[dict[str, Any]]:
    (line,) = order["lines"]
    return [
        {
            "order_item_id": int(_LINE),
            "name": line["product_name"],
            "sku": line["product_code"],
            "status": order["platform_status"],
            "item_price": float(line["unit_price_vnd"]),
            "paid_price": f"{line['unit_price_vnd'] - order['discount_vnd']}.00",
            "shipping_amount": f"{order['shipping_fee_vnd']}.00",
            "currency": "VND",
        }
    ]
