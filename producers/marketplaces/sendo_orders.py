"""Sendo's partner API: one order, the orders of a time. A login gives a token for 8 hours; nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx

from producers.marketplaces.calls import PlatformRefused
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Line, Order, product_code, product_name, vnd
from producers.marketplaces.reading import VIETNAM
from producers.marketplaces.sendo import read_order as read_change
from producers.marketplaces.session import Json, Session
from producers.marketplaces.tokens import AuthorisationEnded, Token

API_URL = "https://open.sendo.vn"
TOKEN_S = 8 * 3600
_PAGE = 50


def fetch(session: Session, change: Change) -> tuple[Change, Order]:
    """The order of a change, in the state that Sendo gives now: pushes are unsigned, so they are hints alone."""
    found = _call(session, "GET", f"/api/partner/salesorder/{change.order_id}", None)
    if "sales_order" not in found:
        raise PlatformRefused(f"sendo has no order {change.order_id}")
    return read_change({"shop_id": session.shop.shop_id, **found}), read_order(found)


def read_order(document: Json) -> Order:
    """Goods and money of an order as the API writes it."""
    order = document.get("sales_order") or {}
    lines = tuple(_line(item) for item in document.get("sku_details") or ())
    shipping = vnd(order.get("shipping_fee") or 0, "shipping_fee")
    return Order(lines, vnd(order.get("total_amount"), "total_amount"), shipping)


def changed_orders(session: Session, since: datetime, until: datetime) -> Iterator[Json]:
    """Orders whose state changed on the days of that time, as the API writes them."""
    for document in _search(session, "order_status_date", since, until):
        yield {"shop_id": session.shop.shop_id, **document}


def orders_created(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Numbers of the orders made on the days of that time."""
    for document in _search(session, "order_date", since, until):
        yield str((document.get("sales_order") or {}).get("order_number"))


def refresh(session: Session, refresh_token: str | None) -> Token:  # noqa: ARG001 - every login is a new one
    """A new login."""
    body = {"shop_key": session.app.key, "secret_key": session.app.secret}
    found = session.caller.json(lambda: session.request("POST", f"{session.auth_url}/login", json=body))
    token = (found.get("result") or {}).get("token")
    if not token:
        raise AuthorisationEnded(f"sendo login: {str(found.get('error'))[:200]}")
    return Token(str(token), session.timestamp() + TOKEN_S)


def _search(session: Session, what: str, since: datetime, until: datetime) -> Iterator[Json]:
    token = None
    while True:
        body = {
            "page_size": _PAGE,
            f"{what}_from": _day(since),
            f"{what}_to": _day(until),
            "token": token,
        }
        page = _call(session, "POST", "/api/partner/salesorder/search", body)
        yield from page.get("data") or ()
        token = page.get("next_token")
        if not token:
            return


def _line(item: Json) -> Line:
    return Line(
        product_code=product_code(item.get("store_sku"), item.get("sku"), item.get("product_variant_id")),
        product_name=product_name(item.get("product_name")),
        quantity=int(item.get("quantity") or 0),
        unit_price=vnd(item.get("price"), "price"),
    )


def _call(session: Session, method: str, path: str, body: Json | None) -> Json:
    def make(token: str) -> httpx.Request:
        parts = {"json": body} if body is not None else {}
        return session.request(method, session.api_url + path, headers={"Authorization": f"bearer {token}"}, **parts)

    document = session.call(make, lambda found: "exp" in found or found.get("status_code") == 401)
    if not document.get("success", True):
        raise PlatformRefused(f"sendo {path}: {str(document.get('error'))[:200]}")
    return document.get("result") or {}


def _day(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y/%m/%d")
