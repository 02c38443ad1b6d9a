"""TikTok Shop's open API as documented in "Sign your API request", Get Order Detail, Get Order List, token/refresh."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from producers.simulator.platforms.world import Request, World, is_recent


def answer(world: World, request: Request) -> Any:
    """The JSON that it answers with status 200."""
    if request.path == "/api/v2/token/refresh":
        return _refreshed(world, request.query)
    if not _is_signed(world, request):
        world.bad_signatures += 1
        return {"code": 106001, "message": "signature is invalid", "request_id": "r"}
    if request.headers.get("x-tts-access-token") not in world.tokens:
        return {"code": 105002, "message": "Expired credentials", "request_id": "r"}
    if request.query["shop_cipher"] != world.tiktok_cipher:
        return {"code": 106002, "message": "shop cipher invalid", "request_id": "r"}
    if request.method == "GET" and request.path == "/order/202309/orders":
        wanted = request.query["ids"].split(",")
        found = [world.order("tiktok", number) for number in wanted if world.order("tiktok", number)]
        return {"code": 0, "message": "Success", "data": {"orders": found}}
    if request.method == "POST" and request.path == "/order/202309/orders/search":
        return _page(world, request)
    return {"code": 36009009, "message": "Invalid path"}


def _is_signed(world: World, request: Request) -> bool:
    """The secret around path, sorted parameters (without sign, access_token) and body, keyed with the secret."""
    query = request.query
    names = sorted(set(query) - {"sign", "access_token"})
    text = request.path + "".join(f"{name}{query[name]}" for name in names)
    wrapped = f"{world.secret}{text}".encode() + request.body + world.secret.encode()
    made = hmac.new(world.secret.encode(), wrapped, hashlib.sha256).hexdigest()
    return made == query.get("sign") and query.get("app_key") == world.key and is_recent(int(query["timestamp"]))


def _refreshed(world: World, query: dict[str, str]) -> dict[str, Any]:
    if query["grant_type"] != "refresh_token":
        return {"code": 36004002, "message": "grant type invalid"}
    if query["app_secret"] != world.secret:
        return {"code": 105000, "message": "app secret invalid"}
    following = world.spend(query["refresh_token"])
    if following is None:
        return {"code": 36004004, "message": "refresh token invalid"}
    data = {
        "access_token": world.issue(),
        "access_token_expire_in": int(time.time()) + world.token_seconds,
        "refresh_token": following,
        "refresh_token_expire_in": int(time.time()) + 10**7,
    }
    return {"code": 0, "message": "success", "data": data}


def _page(world: World, request: Request) -> dict[str, Any]:
    if set(json.loads(request.body)) != {"create_time_ge", "create_time_lt"}:
        return {"code": 36009004, "message": "Invalid body"}
    numbers, start = world.numbers("tiktok"), int(request.query.get("page_token") or 0)
    size = int(request.query["page_size"])
    following = str(start + size) if start + size < len(numbers) else ""
    orders = [{"id": number} for number in numbers[start : start + size]]
    return {"code": 0, "data": {"orders": orders, "next_page_token": following, "total_count": len(numbers)}}
