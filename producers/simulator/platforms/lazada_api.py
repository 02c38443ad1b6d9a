"""Lazada's open API as documented in "Signature algorithm", GetOrderItems, GetOrders and RefreshAccessToken."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

from producers.simulator.platforms.world import Request, World, is_recent

_MILLIS_DIGITS = 13


def answer(world: World, request: Request) -> Any:
    """The JSON that it answers with status 200."""
    path = request.path.removeprefix("/rest")
    if not _is_signed(world, path, request.query):
        world.bad_signatures += 1
        return {"code": "IncompleteSignature", "type": "ISP", "message": "The request signature does not conform"}
    if path == "/auth/token/refresh":
        return _refreshed(world, request.query["refresh_token"])
    if request.query.get("access_token") not in world.tokens:
        return {
            "code": "IllegalAccessToken",
            "type": "ISP",
            "message": "The specified access token is invalid or expired",
        }
    if path == "/order/items/get":
        items = world.order("lazada", request.query["order_id"])
        return {"code": "0", "data": items} if items else {"code": "16", "message": "Invalid Order ID"}
    if path == "/orders/get":
        return _page(world, request.query)
    return {"code": "InvalidApiPath", "message": path}


def _is_signed(world: World, path: str, query: dict[str, str]) -> bool:
    given = query.pop("sign", "")
    text = path
    for name, value in sorted(query.items()):
        text += name + value
    made = hmac.new(world.secret.encode(), text.encode("utf-8"), hashlib.sha256).hexdigest().upper()
    millis = int(query["timestamp"])
    return (
        len(query["timestamp"]) == _MILLIS_DIGITS
        and given == made
        and query["app_key"] == world.key
        and is_recent(millis / 1000, 120)
    )


def _refreshed(world: World, refresh_token: str) -> dict[str, Any]:
    following = world.spend(refresh_token)
    if following is None:
        return {"code": "IllegalRefreshToken", "message": "The specified refresh token is invalid or expired"}
    access = world.issue()
    return {
        "access_token": access,
        "refresh_token": following,
        "expires_in": world.token_seconds,
        "refresh_expires_in": 2592000,
        "account_platform": "seller_center",
        "country": "vn",
    }


def _page(world: World, query: dict[str, str]) -> dict[str, Any]:
    time.strptime(query["created_after"], "%Y-%m-%dT%H:%M:%S%z")
    numbers, offset, limit = world.numbers("lazada"), int(query["offset"]), int(query["limit"])
    orders = [{"order_id": int(number), "statuses": ["pending"]} for number in numbers[offset : offset + limit]]
    return {"code": "0", "data": {"count": len(orders), "countTotal": len(numbers), "orders": orders}}
