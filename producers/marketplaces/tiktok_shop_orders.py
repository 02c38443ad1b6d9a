"""TikTok Shop's open API: one order, the orders of a time.

Signed with hex HMAC-SHA256(app secret, app secret + path + name and value of each parameter in the order of names
+ body + app secret); `sign` and `access_token` are not part of it. The timestamp is good for 5 minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

import httpx

from producers.marketplaces.calls import PlatformRefused
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Line, Order, OrderUnreadable, merged, product_code, product_name, vnd
from producers.marketplaces.session import Json, Session
from producers.marketplaces.signing import hmac_hex
from producers.marketplaces.tokens import AuthorisationEnded, Token

API_URL = "https://open-api.tiktokglobalshop.com"
AUTH_URL = "https://auth.tiktok-shops.com"
VERSION = "202309"
_PAGE = 100
_EXPIRED = frozenset({105000, 105001, 105002})


def sign(secret: str, path: str, parameters: Mapping[str, str], body: bytes = b"") -> str:
    """The signature of a call."""
    named = "".join(name + parameters[name] for name in sorted(parameters) if name not in ("sign", "access_token"))
    return hmac_hex(secret, b"".join((secret.encode(), path.encode(), named.encode(), body, secret.encode())))


def fetch(session: Session, change: Change) -> tuple[Change, Order]:
    """The order of a change."""
    found = _call(session, "GET", f"/order/{VERSION}/orders", {"ids": change.order_id})
    for order in found.get("orders") or ():
        if str(order.get("id")) == change.order_id:
            return change, read_order(order)
    raise PlatformRefused(f"tiktok has no order {change.order_id}")


def read_order(order: Json) -> Order:
    """Goods and money of an order as the API writes it, one line item a unit."""
    payment = order.get("payment") or {}
    if payment.get("currency", "VND") != "VND":
        raise OrderUnreadable(f"tiktok order in {payment.get('currency')}")
    lines = merged(_unit(item) for item in order.get("line_items") or ())
    shipping = vnd(payment.get("shipping_fee") or 0, "shipping_fee")
    return Order(lines, vnd(payment.get("total_amount"), "total_amount"), shipping)


def orders_created(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Numbers of the orders made in that time."""
    body = {"create_time_ge": int(since.timestamp()), "create_time_lt": int(until.timestamp())}
    page_token = ""
    while True:
        query = {"page_size": str(_PAGE)} | ({"page_token": page_token} if page_token else {})
        page = _call(session, "POST", f"/order/{VERSION}/orders/search", query, body)
        yield from (str(order["id"]) for order in page.get("orders") or ())
        page_token = str(page.get("next_page_token") or "")
        if not page_token:
            return


def refresh(session: Session, refresh_token: str | None) -> Token:
    """A new pair of tokens."""
    if not refresh_token:
        raise AuthorisationEnded(f"{session.shop.source} has no refresh_token")
    query = {
        "app_key": session.app.key,
        "app_secret": session.app.secret,
        "refresh_token": refresh_token,
        "grant_type": "refresh_token",
    }
    url = f"{session.auth_url}/api/v2/token/refresh"
    found = session.caller.json(lambda: session.request("GET", url, params=query))
    if found.get("code") != 0:
        raise AuthorisationEnded(f"tiktok token/refresh: {found.get('code')} {str(found.get('message', ''))[:200]}")
    data = found["data"]
    return Token(str(data["access_token"]), float(data["access_token_expire_in"]), str(data["refresh_token"]))


def _unit(item: Json) -> Line:
    return Line(
        product_code=product_code(item.get("seller_sku"), item.get("sku_id"), item.get("product_id")),
        product_name=product_name(item.get("product_name")),
        quantity=1,
        unit_price=vnd(item.get("sale_price"), "sale_price"),
    )


def _call(session: Session, method: str, path: str, query: Mapping[str, str], content: Json | None = None) -> Json:
    body = json.dumps(content, separators=(",", ":")).encode() if content else b""

    def make(token: str) -> httpx.Request:
        parameters = {
            **query,
            "app_key": session.app.key,
            "shop_cipher": session.shop.extra["shop_cipher"],
            "timestamp": str(session.timestamp()),
        }
        proof = sign(session.app.secret, path, parameters, body)
        headers = {"x-tts-access-token": token, "content-type": "application/json"}
        url = session.api_url + path
        return session.request(method, url, params={**parameters, "sign": proof}, headers=headers, content=body)

    document = session.call(make, lambda found: found.get("code") in _EXPIRED)
    if document.get("code") != 0:
        raise PlatformRefused(f"tiktok {path}: {document.get('code')} {str(document.get('message', ''))[:200]}")
    return document.get("data") or {}
