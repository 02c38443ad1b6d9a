"""TikTok Shop's open API as documented in "Sign your API request", Get Order Detail, Get Order List, token/refresh."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

from tests.component.marketplaces.world import KEY, SECRET, Request, World, is_recent

SHOP = "7494049642642441621"
CIPHER = "ROW_RHkDDABBAAB8tKAVoAqsMTjsQZFLyNfY"


def answer(world: World, request: Request) -> Any:
    if request.path == "/api/v2/token/refresh":
        return _refreshed(world, request.query)
    if not _is_signed(request):
        world.bad_signatures += 1
        return {"code": 106001, "message": "signature is invalid", "request_id": "r"}
    if request.headers.get("x-tts-access-token") not in world.tokens:
        return {"code": 105002, "message": "Expired credentials", "request_id": "r"}
    if request.query["shop_cipher"] != CIPHER:
        return {"code": 106002, "message": "shop cipher invalid", "request_id": "r"}
    if request.method == "GET" and request.path == "/order/202309/orders":
        wanted = request.query["ids"].split(",")
        found = [world.order("tiktok", number) for number in wanted if world.order("tiktok", number)]
        return {"code": 0, "message": "Success", "data": {"orders": found}}
    if request.method == "POST" and request.path == "/order/202309/orders/search":
        return _page(world, request)
    return {"code": 36009009, "message": "Invalid path"}


def _is_signed(request: Request) -> bool:
    """The secret around path, sorted parameters (without sign, access_token) and body, keyed with the secret."""
    query = request.query
    names = sorted(set(query) - {"sign", "access_token"})
    text = request.path + "".join(f"{name}{query[name]}" for name in names)
    wrapped = f"{SECRET}{text}".encode() + request.body + SECRET.encode()
    made = hmac.new(SECRET.encode(), wrapped, hashlib.sha256).hexdigest()
    return made == query.get("sign") and query.get("app_key") == KEY and is_recent(int(query["timestamp"]))


def _refreshed(world: World, query: dict[str, str]) -> dict[str, Any]:
    assert query["grant_type"] == "refresh_token"
    if query["app_secret"] != SECRET:
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
    assert set(json.loads(request.body)) == {"create_time_ge", "create_time_lt"}
    numbers, start = world.numbers("tiktok"), int(request.query.get("page_token") or 0)
    size = int(request.query["page_size"])
    following = str(start + size) if start + size < len(numbers) else ""
    orders = [{"id": number} for number in numbers[start : start + size]]
    return {"code": 0, "data": {"orders": orders, "next_page_token": following, "total_count": len(numbers)}}
