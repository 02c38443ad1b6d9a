"""Tiki's open API as documented in "Event queue API", "Order API" and its OAuth 2 page."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

from producers.simulator.platforms.world import Request, World

_PAGE = 2


def answer(world: World, request: Request) -> Any:
    """The JSON that it answers with status 200."""
    if request.path == "/sc/oauth2/token":
        return _token(world, request)
    if request.headers.get("authorization", "").removeprefix("Bearer ") not in world.tokens:
        return {"error": "invalid_token", "error_description": "Access token expired"}
    if request.path == f"/integration/v1/queues/{world.tiki_queue}/events/pull":
        events = world.tiki_events[:_PAGE]
        return {"events": events, "ack_id": f"after-{len(events)}" if events else None}
    if request.path == f"/integration/v1/queues/{world.tiki_queue}/events/ack":
        ack_id = json.loads(request.body)["ack_id"]
        world.acknowledged.append(ack_id)
        del world.tiki_events[: int(ack_id.removeprefix("after-"))]
        return {}
    if request.path == "/integration/v2/orders":
        start = (int(request.query["page"]) - 1) * int(request.query["limit"])
        numbers = world.numbers("tiki")[start : start + int(request.query["limit"])]
        return {"data": [{"code": number} for number in numbers], "paging": {"total": len(world.numbers("tiki"))}}
    order = world.order("tiki", request.path.removeprefix("/integration/v2/orders/"))
    return order or {"errors": ["order not found"]}


def _token(world: World, request: Request) -> dict[str, Any]:
    form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    login = base64.b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
    if login != f"{world.key}:{world.secret}" or form["grant_type"] != "client_credentials":
        return {"error": "invalid_client"}
    return {"access_token": world.issue(), "expires_in": world.token_seconds, "token_type": "bearer"}
