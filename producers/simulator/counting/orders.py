"""Orders on the marketplaces: delivered, and for how much."""

from __future__ import annotations

from collections.abc import Mapping

from producers.simulator.counting.loaded import Count, Figure, Loaded, histories
from producers.simulator.record import Event

GIVEN_BACK = {"returned", "cancelled", "failed"}
ARRIVED = {"delivered", "completed"}


def _orders(loaded: Loaded) -> list[list[Event]]:
    return histories(loaded["order_status_changed"], "platform", "shop_id", "order_id")


def _delivered(loaded: Loaded) -> list[list[Event]]:
    return [steps for steps in _orders(loaded) if any(step["status"] in ARRIVED for step in steps)]


def orders_delivered(loaded: Loaded) -> Figure:
    """Orders that reached the buyer, of all."""
    return len(_delivered(loaded)), len(_orders(loaded))


def marketplace_revenue(loaded: Loaded) -> Figure:
    """What the buyers of delivered orders paid, in VND; those given back do not count."""
    kept = [steps[-1] for steps in _delivered(loaded) if steps[-1]["status"] not in GIVEN_BACK]
    return sum(int(order["total_vnd"]) for order in kept), None


FIGURES: Mapping[str, Count] = {"orders_delivered": orders_delivered, "marketplace_revenue": marketplace_revenue}
