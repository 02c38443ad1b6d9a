"""Shopee's open API as documented in v2.product.get_item_list, get_item_base_info and get_model_list."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from producers.simulator.platforms.world import Request, World


def product_answer(world: World, request: Request) -> dict[str, Any]:
    """The JSON of a call about products. `models` of a product is our own word: what get_model_list gives of it."""
    if request.path.endswith("/get_item_list"):
        return _response(_listed(world, request))
    if request.path.endswith("/get_item_base_info"):
        wanted = request.query["item_id_list"].split(",")
        if len(wanted) > 50:
            return {"error": "product.error_param", "message": "At most 50 items."}
        found = [_base_info(each) for each in world.products if str(each["item_id"]) in wanted]
        return _response({"item_list": found})
    if request.path.endswith("/get_model_list"):
        (product,) = (each for each in world.products if str(each["item_id"]) == request.query["item_id"])
        return _response({"tier_variation": [], "model": product["models"]})
    return {"error": "error_not_found", "message": request.path}


def _listed(world: World, request: Request) -> dict[str, Any]:
    states = [value for name, value in parse_qsl(urlsplit(request.target).query) if name == "item_status"]
    since, until = int(request.query["update_time_from"]), int(request.query["update_time_to"])
    start, size = int(request.query["offset"]), int(request.query["page_size"])
    found = [
        {"item_id": each["item_id"], "item_status": each["item_status"], "update_time": each["update_time"]}
        for each in world.products
        if each["item_status"] in states and since <= each["update_time"] <= until
    ]
    more = start + size < len(found)
    page: dict[str, Any] = {"item": found[start : start + size], "total_count": len(found), "has_next_page": more}
    return page | ({"next_offset": start + size} if more else {})


def _base_info(product: dict[str, Any]) -> dict[str, Any]:
    """A product with variations has no price and no stock of its own."""
    hidden = {"models", "price_info", "stock_info_v2"} if product.get("has_model") else {"models"}
    return {name: value for name, value in product.items() if name not in hidden}


def _response(response: dict[str, Any]) -> dict[str, Any]:
    return {"error": "", "message": "", "warning": "", "request_id": "r", "response": response}
