"""Events that are well-formed Avro but break exactly one rule of their contract or suite each.

Every event of the catalogue has at least one; rules that only warn are not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

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


def _is_offered_at_level(event: Event) -> bool:
    return event["offer"] == "offered" and event["online_level"] is not None


def _is_under_way(event: Event) -> bool:
    return event["phase"] in ("in_progress", "trial", "paused")


def _is_accepted(event: Event) -> bool:
    return event["received_at"] is not None


def _has(name: str) -> Callable[[Event], bool]:
    return lambda event: event[name] is not None


def _above(name: str, limit: str) -> Callable[[Event], Event]:
    """The count `name` one above the count that bounds it."""
    return lambda event: {**event, name: event[limit] + 1}


_MONTH: Mapping[str, tuple[RuleBreaker, ...]] = {
    "dossier_status_changed": (
        RuleBreaker("commune_code_ref", _with(commune_code="99999")),
        RuleBreaker("agency_code_ref", _with(agency_code="H22.999")),
        RuleBreaker("procedure_code_pattern", _with(procedure_code="HG-01")),
        RuleBreaker("fee_vnd_min", _with(fee_vnd=-50_000)),
        RuleBreaker("status_transition", _with(previous_status=10, status=4, electronic_result=None), _is_accepted),
        RuleBreaker("due_after_received", _due_before_received, _is_accepted),
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
    "service_rated": (
        RuleBreaker("reason_when_dissatisfied", _with(rating="satisfied", dissatisfaction_reason="late")),
        RuleBreaker("procedure_code_ref", _with(procedure_code="9.999999")),
    ),
}

_GOVERNMENT: Mapping[str, tuple[RuleBreaker, ...]] = {
    "agency_registered": (
        RuleBreaker("own_parent", lambda event: {**event, "parent_code": event["agency_code"]}),
        RuleBreaker("entry_version_min", _with(entry_version=0)),
    ),
    "procedure_published": (
        RuleBreaker("agency_code_ref", _with(agency_code="H22.999")),
        RuleBreaker("level_or_extent", _with(online_level=None), _is_offered_at_level),
    ),
    "document_sent": (
        RuleBreaker("electronic_allowed", _with(may_be_electronic=False), lambda event: event["is_electronic"]),
        RuleBreaker("receiver_count_min", _with(receiver_count=0)),
    ),
    "document_status_changed": (
        RuleBreaker("status_transition", _with(previous_status_code="06", status_code="03", refusal_reason=None)),
    ),
    "portal_checked": (RuleBreaker("up_has_answered", _with(portal_state="up", http_status=503), _has("host")),),
    "meeting_point_checked": (RuleBreaker("nothing_without_point", _with(has_point=False), _has("seats")),),
    "directive_issued": (
        RuleBreaker("done_is_complete", _with(state="in_progress", progress_percent=100, completed_on=None)),
    ),
    "indicator_reported": (
        RuleBreaker("says_something", _with(value=None, value_high=None, value_unit=None, rank=None, grade=None)),
    ),
}

_SOCIETY: Mapping[str, tuple[RuleBreaker, ...]] = {
    "network_coverage_reported": (
        RuleBreaker("covered_within_population", _above("covered_population", "population")),
    ),
    "health_consultation_summarised": (
        RuleBreaker("patients_within_consultations", _above("patients", "consultations"), _has("consultations")),
    ),
    "online_class_summarised": (
        RuleBreaker("online_within_lessons", _above("online_lessons", "lessons"), lambda e: e["online_lessons"] > 0),
    ),
}

_ECONOMY: Mapping[str, tuple[RuleBreaker, ...]] = {
    "ocop_product_rated": (
        RuleBreaker("stars_of_score", lambda event: {**event, "stars": event["stars"] % 5 + 1}),
        RuleBreaker("commune_code_ref", _with(commune_code="99999")),
    ),
    "tourism_visit_reported": (RuleBreaker("overnight_within_visits", _above("overnight_visits", "visits")),),
    "promotion_campaign_reported": (
        RuleBreaker("read_within_campaign", _with(started_on=date(2021, 7, 1), ends_on=None)),
    ),
    "seller_onboarded": (
        RuleBreaker("source_is_shop", lambda event: {**event, "source": event["source"] + "x"}),
        RuleBreaker("household_without_tax_code", _with(tax_code="0100233488"), _has("seller_pseudonym")),
    ),
    "product_listed": (
        RuleBreaker("ocop_product_code_ref", _with(ocop_product_code="OCOP-02-999999"), _has("ocop_product_code")),
        RuleBreaker("gtin_check_digit", _with(gtin="8935001000007")),
    ),
}

_PROGRAMME: Mapping[str, tuple[RuleBreaker, ...]] = {
    "training_session_held": (RuleBreaker("passed_within_examined", _above("passed", "examined"), _has("examined")),),
    "business_event_held": (RuleBreaker("value_needs_agreements", _with(agreements=0, agreed_vnd=1_000_000)),),
    "project_status_changed": (RuleBreaker("in_operation_is_complete", _with(progress_percent=100), _is_under_way),),
}

RULE_BREAKERS: Mapping[str, tuple[RuleBreaker, ...]] = {**_MONTH, **_GOVERNMENT, **_SOCIETY, **_ECONOMY, **_PROGRAMME}
