"""The OpenAPI document is true: whatever follows it is never answered with a 5xx, and every answer fits it."""

from __future__ import annotations

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from tests.component.gateway.running import Gateway

TRIED = (
    "/events/government.dossier_status_changed",
    "/events/marketplace.seller_onboarded",
    "/edxml",
    "/dossier-sync",
    "/partners/fpt/programme",
    "/webhooks/shopee",
    "/webhooks/sendo",
    "/health/live",
)


def test_what_follows_the_document_is_answered_as_it_says(gateway: Gateway) -> None:
    document = httpx.get(f"{gateway.url}/openapi.json").json()
    document["paths"] = {path: document["paths"][path] for path in TRIED}
    schema = schemathesis.openapi.from_dict(document)
    checks = CHECKS.get_by_names(["not_a_server_error", "status_code_conformance", "response_schema_conformance"])
    asked = 0

    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=15,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            headers = {"authorization": f"Bearer {gateway.key}"}
            case.call_and_validate(base_url=gateway.url, headers=headers, checks=checks, timeout=20)

        given(case=operation.as_strategy())(ask)()
    assert asked > 90
