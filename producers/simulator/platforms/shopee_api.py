"""Shopee's open API as documented in "API calls", v2.order.*, v2.push.* and v2.public.refresh_access_token."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from producers.simulator.platforms.shopee_products import product_answer
from producers.simulator.platforms.world import Request, World, is_recent


def answer(world: World, request: Request) -> Any:
    """The JSON that it answers with status 200."""
    if not _is_signed(world, request):
        world.bad_signatures += 1
        return {"error": "error_sign", "message": "Wrong sign.", "request_id": "r"}
    if request.path == "/api/v2/auth/access_token/get":
        return _refreshed(world, json.loads(request.body))
    if request.path.startswith("/api/v2/push/"):
        return _push_api(world, request)
    if request.query.get("access_token") not in world.tokens:
        return {"error": "error_auth", "message": "Invalid access_token.", "request_id": "r"}
    if request.path == "/api/v2/order/get_order_detail":
        wanted = request.query["order_sn_list"].split(",")
        found = [world.order("shopee", number) for number in wanted if world.order("shopee", number)]
        return {"error": "", "message": "", "request_id": "r", "response": {"order_list": found}}
    if request.path == "/api/v2/order/get_order_list":
        return _page(world, request.query)
    if request.path.startswith("/api/v2/product/"):
        return product_answer(world, request)
    return {"error": "error_not_found", "message": request.path}


def _is_signed(world: World, request: Request) -> bool:
    """partner_id, path, timestamp, and for a shop's call access_token and shop_id, keyed with the partner key."""
    query = request.query
    joined = query.get("partner_id", "") + request.path + query.get("timestamp", "")
    if "access_token" in query:
        joined += query["access_token"] + query.get("shop_id", "")
    made = hmac.new(world.secret.encode(), joined.encode("utf-8"), hashlib.sha256).hexdigest()
    return made == query.get("sign") and query.get("partner_id") == world.key and is_recent(int(query["timestamp"]))


def _refreshed(world: World, body: dict[str, Any]) -> dict[str, Any]:
    # Numbers, not text; shops of demonstrations have no numbers.
    if not isinstance(body["partner_id"], int) or str(body["shop_id"]).isdigit() != isinstance(body["shop_id"], int):
        return {"error": "error_param", "message": "partner_id and shop_id are numbers."}
    following = world.spend(body["refresh_token"])
    if following is None:
        return {"error": "error_auth", "message": "Invalid refresh_token.", "request_id": "r"}
    access = world.issue()
    return {
        "error": "",
        "message": "",
        "access_token": access,
        "refresh_token": following,
        "expire_in": world.token_seconds,
    }


def _push_api(world: World, request: Request) -> dict[str, Any]:
    if request.path.endswith("confirm_consumed_lost_push_message"):
        last = json.loads(request.body)["last_message_id"]
        world.confirmed.append(last)
        world.lost = [message for message in world.lost if message["id"] > last]
        return {"error": "", "message": "", "warning": "", "request_id": "r"}
    page = world.lost[:100]
    listed = [{"code": 3, "timestamp": 1, "data": message["data"]} for message in page]
    response = {"push_message_list": listed, "has_next_page": len(world.lost) > 100}
    if page:
        response["last_message_id"] = page[-1]["id"]
    return {"error": "", "message": "", "response": response, "request_id": "r"}


def _page(world: World, query: dict[str, str]) -> dict[str, Any]:
    if query["time_range_field"] != "create_time":
        return {"error": "error_param", "message": "Orders are listed by create_time."}
    numbers, start, size = world.numbers("shopee"), int(query["cursor"] or 0), int(query["page_size"])
    listed = [{"order_sn": number} for number in numbers[start : start + size]]
    more = start + size < len(numbers)
    response = {"more": more, "next_cursor": str(start + size) if more else "", "order_list": listed}
    return {"error": "", "message": "", "response": response}
