"""Events that are well-formed Avro but break exactly one rule of their contract or suite each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from producers.simulator.record import Event


@dataclass(frozen=True)
class RuleBreaker:
    """Makes a good event break `rule`, the name it has in the suite; `fits` says which events it can be made from."""

    rule: str
    spoil: Callable[[Event], Event]
    fits: Callable[[Event], bool] = lambda _: True


def _with(**changes: object) -> Callable[[Event], Event]:
    return lambda event: {**event, **changes}


def _due_before_received(event: Event) -> Event:
    return {**event, "due_at": event["received_at"] - timedelta(days=1)}


def _line_total_off(event: Event) -> Event:
    """The line no longer is quantity times price, while the order still is the sum of its lines."""
    first, *others = event["lines"]
    spoiled = {**first, "line_total_vnd": first["line_total_vnd"] + 1000}
    return {**event, "lines": [spoiled, *others], "total_vnd": event["total_vnd"] + 1000}


def _no_lines(event: Event) -> Event:
    return {**event, "lines": [], "total_vnd": event["shipping_fee_vnd"], "discount_vnd": 0}


def _is_accepted(event: Event) -> bool:
    return event["received_at"] is not None


RULE_BREAKERS: Mapping[str, tuple[RuleBreaker, ...]] = {
    "dossier_status_changed": (
        RuleBreaker("commune_code_ref", _with(commune_code="99999")),
        RuleBreaker("agency_code_ref", _with(agency_code="H22.999")),
        RuleBreaker("procedure_code_pattern", _with(procedure_code="HG-01")),
        RuleBreaker("fee_vnd_min", _with(fee_vnd=-50_000)),
        RuleBreaker("status_transition", _with(previous_status=10, status=4), fits=_is_accepted),
        RuleBreaker("due_after_received", _due_before_received, fits=_is_accepted),
    ),
    "order_status_changed": (
        RuleBreaker("seller_commune_code_ref", _with(seller_commune_code="99999")),
        RuleBreaker("order_total", lambda event: {**event, "total_vnd": event["total_vnd"] + 7}),
        RuleBreaker("line_total", _line_total_off),
        RuleBreaker("has_lines", _no_lines),
        RuleBreaker("status_known", _with(status="unknown", previous_status=None, platform_status="NEW_STATE")),
    ),
    "cooperation_task_updated": (
        RuleBreaker("progress_percent_max", _with(progress_percent=120, status="in_progress", completed_on=None)),
        RuleBreaker("agency_code_ref", _with(agency_code="H22.999")),
        RuleBreaker("item_matches_code", lambda event: {**event, "item": event["item"] % 6 + 1}),
    ),
}
