"""Lazada's open API: one order with its lines, the orders of a time.

Signed with upper-case hex HMAC-SHA256(app secret, path + name and value of each parameter in the order of names).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import httpx

from producers.marketplaces.calls import PlatformRefused
from producers.marketplaces.change import Change
from producers.marketplaces.lazada import STATES
from producers.marketplaces.orders import Line, Order, OrderUnreadable, merged, product_code, product_name, vnd
from producers.marketplaces.reading import VIETNAM
from producers.marketplaces.session import Json, Session
from producers.marketplaces.signing import hmac_hex
from producers.marketplaces.tokens import AuthorisationEnded, Token

API_URL = "https://api.lazada.vn/rest"
AUTH_URL = "https://auth.lazada.com/rest"
_PAGE = 100
_EXPIRED = frozenset({"IllegalAccessToken", "AccessTokenExpired", "InvalidAccessToken"})
# How far a line has come; a line that is not here (cancelled, returned, failed) is no longer part of the sale.
_PROGRESS = ("unpaid", "confirmed", "to_ship", "shipping", "delivered", "completed")


def sign(secret: str, path: str, parameters: Mapping[str, str]) -> str:
    """The signature of a call."""
    joined = "".join(name + parameters[name] for name in sorted(parameters))
    return hmac_hex(secret, f"{path}{joined}".encode()).upper()


def fetch(session: Session, change: Change) -> tuple[Change, Order]:
    """The order of a change, with the state that follows from all its lines (decision 0804)."""
    return change, read_items(_items(session, change.order_id), change.line_id, change.state)


def read_items(items: list[Json], line_id: str = "", state: str = "") -> Order:
    """An order as its lines make it, one item a unit; the pushed line counts with the pushed state."""
    if not items:
        raise OrderUnreadable("lazada answers an order without items")
    states = [STATES.get(_state_of(item, line_id, state), "unknown") for item in items]
    sold = [item for item, status in zip(items, states, strict=True) if status in _PROGRESS or status == "unknown"]
    counted = sold or items
    lines = merged(_unit(item) for item in counted)
    shipping = sum(vnd(item.get("shipping_amount") or 0, "shipping_amount") for item in counted)
    total = shipping + sum(vnd(item.get("paid_price"), "paid_price") for item in counted)
    return Order(lines, total, shipping, status=order_state(states))


def order_state(states: list[str]) -> str:
    """The state of an order whose lines have these: that of the line which has come least far.

    Lines that fell out of the sale do not hold the others back; when all did, the last of failed, returned, cancelled
    that occurs tells: an order of which something came back was more than cancelled.
    """
    if reached := [_PROGRESS.index(state) for state in states if state in _PROGRESS]:
        return _PROGRESS[min(reached)]
    return next((state for state in ("returned", "failed", "cancelled") if state in states), "unknown")


def orders_created(session: Session, since: datetime, until: datetime) -> Iterator[str]:
    """Numbers of the orders made in that time."""
    offset = 0
    while True:
        page = _call(
            session,
            "/orders/get",
            created_after=_local(since),
            created_before=_local(until),
            limit=str(_PAGE),
            offset=str(offset),
            sort_by="created_at",
            sort_direction="ASC",
        ).get("data")
        orders = page.get("orders") if isinstance(page, dict) else None
        yield from (str(order["order_id"]) for order in orders or ())
        offset += _PAGE
        if not orders or len(orders) < _PAGE:
            return


def refresh(session: Session, refresh_token: str | None) -> Token:
    """A new pair of tokens."""
    if not refresh_token:
        raise AuthorisationEnded(f"{session.shop.source} has no refresh_token")
    path = "/auth/token/refresh"
    found = session.caller.json(lambda: _request(session, session.auth_url, path, {"refresh_token": refresh_token}))
    if "access_token" not in found:
        raise AuthorisationEnded(f"lazada {path}: {found.get('code')} {str(found.get('message', ''))[:200]}")
    expires_at = session.timestamp() + int(found.get("expires_in") or 0)
    return Token(str(found["access_token"]), expires_at, str(found["refresh_token"]))


def _items(session: Session, order_id: str) -> list[Json]:
    data = _call(session, "/order/items/get", order_id=order_id).get("data")
    return data if isinstance(data, list) else []


def _state_of(item: Json, line_id: str, state: str) -> str:
    return state if str(item.get("order_item_id")) == line_id else str(item.get("status", "")).lower()


def _unit(item: Json) -> Line:
    return Line(
        product_code=product_code(item.get("sku"), item.get("shop_sku"), item.get("sku_id")),
        product_name=product_name(item.get("name")),
        quantity=1,
        unit_price=vnd(item.get("item_price"), "item_price"),
    )


def _call(session: Session, path: str, **parameters: str) -> Json:
    document = session.call(
        lambda token: _request(session, session.api_url, path, {**parameters, "access_token": token}),
        lambda found: str(found.get("code")) in _EXPIRED,
    )
    if str(document.get("code", "0")) != "0":
        raise PlatformRefused(f"lazada {path}: {document.get('code')} {str(document.get('message', ''))[:200]}")
    return document


def _request(session: Session, base: str, path: str, parameters: Mapping[str, str]) -> httpx.Request:
    timed = {
        **parameters,
        "app_key": session.app.key,
        "sign_method": "sha256",
        "timestamp": str(int(session.now().timestamp() * 1000)),
    }
    return session.request("GET", base + path, params={**timed, "sign": sign(session.app.secret, path, timed)})


def _local(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="seconds")
