"""What the OpenAPI document says of the addresses that platforms push to."""

from __future__ import annotations

from producers.gateway.problems import PROBLEM_JSON
from producers.marketplaces.platforms import PUSHED, Platform
from producers.marketplaces.routes import ANSWERS
from schemas.contract import Json

TAKEN: Json = {"200": {"description": "Durable, a repeat, or about something else: need not be pushed again."}}

_PROBLEM: Json = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def webhook_paths() -> Json:
    """By path."""
    return {f"/webhooks/{platform.path}": {"post": _operation(platform)} for platform in PUSHED}


def _operation(platform: Platform) -> Json:
    signed = platform.base_string is not None
    proof = "its signature in the header Authorization" if signed else "its key in the query"
    name = "Authorization" if signed else "key"
    return {
        "operationId": f"push_{platform.name}",
        "tags": ["marketplaces"],
        "summary": f"Order states pushed by {platform.name} / Trạng thái đơn hàng từ {platform.name}",
        "description": f"Called by {platform.name} itself, with {proof}; an API key is not needed. The body is the "
        "platform's own, at most 64 KiB. A push that is taken is answered "
        "without a body.\n\nBecomes / Trở thành: `order_status_changed`.",
        "security": [],
        "parameters": [{"name": name, "in": "header" if signed else "query", "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
        "responses": TAKEN | {str(status): told | {"content": _PROBLEM} for status, told in ANSWERS.items()},
    }
