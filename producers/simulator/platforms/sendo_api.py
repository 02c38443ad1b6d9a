"""Sendo's partner API: login for 8 hours, one order, orders of a time by pages with a token."""

from __future__ import annotations

import json
from typing import Any

from producers.simulator.platforms.world import Request, World


def answer(world: World, request: Request) -> Any:
    """The JSON that it answers with status 200."""
    body = json.loads(request.body) if request.body else {}
    if request.path == "/login":
        if body != {"shop_key": world.key, "secret_key": world.secret}:
            return {"success": False, "error": "shop_key or secret_key is wrong", "result": None}
        return {"success": True, "error": None, "result": {"token": world.issue(), "expires": "2026-01-01T00:00:00"}}
    if request.headers.get("authorization", "").removeprefix("bearer ") not in world.tokens:
        return {"exp": "token expired"}
    if request.path == "/api/partner/salesorder/search":
        numbers, start, size = world.numbers("sendo"), int(body.get("token") or 0), body["page_size"]
        page = [world.order("sendo", number) for number in numbers[start : start + size]]
        following = str(start + size) if start + size < len(numbers) else None
        return {"success": True, "error": None, "result": {"data": page, "next_token": following}}
    order = world.order("sendo", request.path.removeprefix("/api/partner/salesorder/"))
    return {"success": True, "error": None, "result": order}
