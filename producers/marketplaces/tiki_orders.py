"""Tiki's open API: the event queue, one order, the orders of a time. Bearer tokens, nothing is signed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import httpx

from producers.marketplaces.calls import PlatformRefused
from producers.marketplaces.change import Change
from producers.marketplaces.orders import Line, Order, product_code, product_name, vnd
from producers.marketplaces.reading import VIETNAM
from producers.marketplaces.session import Json, Session
from producers.marketplaces.tokens import AuthorisationEnded, Token

API_URL = "https://api.tiki.vn"
_PAGE = 50


def pull_events(session: Session) -> tuple[list[Json], str | None]:
    """Events that have not been acknowledged, in order, and the id that acknowledges them."""
    found = _call(session, "POST", f"/integration/v1/queues/{session.shop.extra['queue']}/events/pull", {})
    events = [event for event in found.get("events") or () if isinstance(event, dict)]
    ack_id = found.get("ack_id")
    return events, str(ack_id) if ack_id and events else None


def acknowledge(session: Session, ack_id: str) -> None:
    """Tell Tiki that the events pulled are with us; until then it gives them again."""
    _call(session, "POST", f"/integration/v1/queues/{session.shop.extra['queue']}/events/ack", {"ack_id": ack_id})


def fetch(session: Session, change: Change) -> tuple[Change, Order]:
    """The order of a change."""
    return change, read_order(_call(session, "GET", f"/integration/v2/orders/{change.order_id}"))


def read_order(order: Json) -> Order:
    """Goods and money of an order as the API writes it."""
    invoice = order.get("invoice") or {}
    shipping = vnd(invoice.get("shipping_amount_after_discount") or 0, "shipping_amount_after_discount")
    lines = tuple(_line(item) for item in order.get("items") or ())
    return Order(lines, vnd(invoice.get("grand_total"), "grand_total"), shipping)


def orders_created(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Numbers of the orders made in that time."""
    number = 1
    while True:
        page = _call(
            session,
            "GET",
            "/integration/v2/orders",
            created_from_date=_local(since),
            created_to_date=_local(until),
            page=str(number),
            limit=str(_PAGE),
        )
        orders = page.get("data") or ()
        yield from (str(order["code"]) for order in orders)
        number += 1
        if len(orders) < _PAGE:
            return


def refresh(session: Session, refresh_token: str | None) -> Token:
    """A token of the app itself (client credentials), or of a seller who has authorised it (refresh token)."""
    form = {"grant_type": "client_credentials", "client_id": session.app.key}
    if refresh_token:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": session.app.key}
    url, login = f"{session.auth_url}/sc/oauth2/token", (session.app.key, session.app.secret)
    header = {"Authorization": httpx.BasicAuth(*login)._auth_header}
    found = session.caller.json(lambda: session.request("POST", url, data=form, headers=header))
    if "access_token" not in found:
        raise AuthorisationEnded(f"tiki sc/oauth2/token: {found.get('error')}")
    expires_at = session.timestamp() + int(found.get("expires_in") or 0)
    return Token(str(found["access_token"]), expires_at, found.get("refresh_token") or refresh_token)


def _line(item: Json) -> Line:
    product, invoice = item.get("product") or {}, item.get("invoice") or {}
    return Line(
        product_code=product_code(product.get("seller_product_code"), product.get("sku"), product.get("id")),
        product_name=product_name(product.get("name")),
        quantity=int(invoice.get("quantity") or 0),
        unit_price=vnd(invoice.get("price"), "price"),
    )


def _call(session: Session, method: str, path: str, body: Json | None = None, **query: str) -> Json:
    def make(token: str) -> httpx.Request:
        parts = {"json": body} if body is not None else {}
        headers = {"Authorization": f"Bearer {token}"}
        return session.request(method, session.api_url + path, params=query, headers=headers, **parts)

    document = session.call(make, lambda found: found.get("error") in ("invalid_token", "unauthorized"))
    if document.get("error") or document.get("errors"):
        raise PlatformRefused(f"tiki {path}: {str(document.get('error') or document.get('errors'))[:200]}")
    return document


def _local(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
