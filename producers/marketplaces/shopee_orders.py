"""Shopee's open API, version 2: one order, the orders of a time, lost pushes.

Signed with hex HMAC-SHA256(partner key, partner_id + path + timestamp [+ access_token + shop_id]), good for 5 minutes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import httpx

from producers.marketplaces.calls import PlatformRefused
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Line, Order, product_code, product_name, vnd
from producers.marketplaces.session import Json, Session
from producers.marketplaces.signing import hmac_hex
from producers.marketplaces.tokens import AuthorisationEnded, Token

API_URL = "https://partner.shopeemobile.com"
_PAGE = 100


def sign(secret: str, partner_id: str, path: str, timestamp: int, access_token: str = "", shop_id: str = "") -> str:
    """The signature of a call; without token and shop that of a public call."""
    return hmac_hex(secret, f"{partner_id}{path}{timestamp}{access_token}{shop_id}".encode())


def fetch(session: Session, change: Change) -> tuple[Change, Order]:
    """The order of a change."""
    found = shop_call(
        session,
        "/api/v2/order/get_order_detail",
        order_sn_list=change.order_id,
        response_optional_fields="item_list,total_amount,estimated_shipping_fee",
        request_order_status_pending="true",
    )
    for order in found.get("order_list") or ():
        if str(order.get("order_sn")) == change.order_id:
            return change, read_order(order)
    raise PlatformRefused(f"shopee has no order {change.order_id}")


def read_order(order: Json) -> Order:
    """Goods and money of an order as the API writes it. `total_amount` is absent before the buyer has paid."""
    lines = tuple(_line(item) for item in order.get("item_list") or ())
    shipping = vnd(order.get("estimated_shipping_fee") or 0, "estimated_shipping_fee")
    goods = sum(line.quantity * line.unit_price for line in lines)
    given = order.get("total_amount")
    return Order(lines, goods + shipping if not given else vnd(given, "total_amount"), shipping)


def orders_created(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Numbers of the orders made in that time, at most 15 days long."""
    cursor = ""
    while True:
        page = shop_call(
            session,
            "/api/v2/order/get_order_list",
            time_range_field="create_time",
            time_from=str(int(since.timestamp())),
            time_to=str(int(until.timestamp()) - 1),
            page_size=str(_PAGE),
            cursor=cursor,
        )
        yield from (str(order["order_sn"]) for order in page.get("order_list") or ())
        if not page.get("more") or not page.get("next_cursor"):
            return
        cursor = str(page["next_cursor"])


def lost_pushes(session: Session) -> tuple[list[str], int | None, bool]:
    """Up to 100 pushes that never reached us, the number to confirm them by, and whether there are more.

    Each is the text of the whole push, as it would have been posted.
    """
    found = _public_call(session, "GET", "/api/v2/push/get_lost_push_message").get("response") or {}
    messages = [str(message.get("data", "")) for message in found.get("push_message_list") or ()]
    last = found.get("last_message_id")
    return messages, last if isinstance(last, int) and messages else None, bool(found.get("has_next_page"))


def confirm_lost(session: Session, last_message_id: int) -> None:
    """Tell Shopee that the lost pushes up to that number are with us."""
    body = {"last_message_id": last_message_id}
    _public_call(session, "POST", "/api/v2/push/confirm_consumed_lost_push_message", body)


def refresh(session: Session, refresh_token: str | None) -> Token:
    """A new pair of tokens; the refresh token given is spent by it."""
    if not refresh_token:
        raise AuthorisationEnded(f"{session.shop.source} has no refresh_token")
    body = {
        "refresh_token": refresh_token,
        "partner_id": _numeric(session.app.key),
        "shop_id": _numeric(session.shop.shop_id),
    }
    found = _public_call(session, "POST", "/api/v2/auth/access_token/get", body, AuthorisationEnded)
    expires_at = session.timestamp() + int(found.get("expire_in") or 0)
    return Token(str(found["access_token"]), expires_at, str(found["refresh_token"]))


def _line(item: Json) -> Line:
    price = item.get("model_discounted_price")
    return Line(
        product_code=product_code(item.get("model_sku"), item.get("item_sku"), item.get("item_id")),
        product_name=product_name(item.get("item_name")),
        quantity=int(item.get("model_quantity_purchased") or 0),
        unit_price=vnd(item.get("model_original_price") if price is None else price, "model_discounted_price"),
    )


def shop_call(session: Session, path: str, **query: str | Sequence[str]) -> Json:
    """The response of a call for the shop; raises PlatformRefused with Shopee's own words."""

    def make(token: str) -> httpx.Request:
        at, app, shop = session.timestamp(), session.app, session.shop
        proof = sign(app.secret, app.key, path, at, token, shop.shop_id)
        common = {"partner_id": app.key, "timestamp": at, "access_token": token, "shop_id": shop.shop_id, "sign": proof}
        return session.request("GET", session.api_url + path, params={**query, **common})

    document = session.call(make, lambda found: str(found.get("error", "")).endswith(("error_auth", "_acceess_token")))
    return _checked(document, path, PlatformRefused).get("response") or {}


def _public_call(
    session: Session,
    method: str,
    path: str,
    body: Json | None = None,
    refused: type[PlatformRefused | AuthorisationEnded] = PlatformRefused,
) -> Json:
    def make() -> httpx.Request:
        at = session.timestamp()
        proof = sign(session.app.secret, session.app.key, path, at)
        query = {"partner_id": session.app.key, "timestamp": at, "sign": proof}
        return session.request(method, session.api_url + path, params=query, **({"json": body} if body else {}))

    return _checked(session.caller.json(make), path, refused)


def _checked(document: Json, path: str, refused: type[PlatformRefused | AuthorisationEnded]) -> Json:
    if document.get("error"):
        raise refused(f"shopee {path}: {document['error']} {str(document.get('message', ''))[:200]}")
    return document


def _numeric(text: str) -> Any:
    return int(text) if text.isdigit() else text
