"""What of a platform's order becomes part of an event: goods and money, nothing of the buyer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from infra.errors import OperatorError
from producers.marketplaces.change import Change, event_id_of
from producers.marketplaces.shops import Shop

EVENT = "order_status_changed"
_CODE_LENGTH = 60
_NAME_LENGTH = 200


class OrderUnreadable(OperatorError):
    """The platform's answer about an order is not what it documents: compare it with the platform's documentation."""


@contextmanager
def as_documented(what: str) -> Iterator[None]:
    """An answer of another shape than documented raises OrderUnreadable, whatever trips over it first."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise OrderUnreadable(f"{what}: {type(error).__name__} {error}") from error


@dataclass(frozen=True)
class Line:
    """Units of one product at one price, in VND."""

    product_code: str
    product_name: str
    quantity: int
    unit_price: int


@dataclass(frozen=True)
class Order:
    """`total` is what the buyer pays, `shipping` the part of it that is for shipping, in VND.

    `status` is the order's state in the common list where it does not follow from the change alone.
    """

    lines: tuple[Line, ...]
    total: int
    shipping: int
    status: str | None = None


def event_of(change: Change, order: Order, shop: Shop, states: Mapping[str, str]) -> dict[str, Any]:
    """The event `order_status_changed`. A state that is not mapped becomes `unknown`, which the checks quarantine."""
    goods = sum(line.quantity * line.unit_price for line in order.lines)
    shipping, discount = balanced(goods, order.shipping, order.total)
    return {
        "event_id": event_id_of(change),
        "occurred_at": change.updated_at,
        "source": shop.source,
        "synthetic": shop.synthetic,
        "platform": change.platform,
        "shop_id": change.shop_id,
        "order_id": change.order_id,
        "seller_commune_code": shop.commune_code,
        "previous_status": None,
        "status": "unknown" if change.state not in states else order.status or states[change.state],
        "platform_status": change.state[:_CODE_LENGTH],
        "total_vnd": order.total,
        "shipping_fee_vnd": shipping,
        "discount_vnd": discount,
        "lines": [_line(line) for line in order.lines],
    }


def balanced(goods: int, shipping: int, total: int) -> tuple[int, int]:
    """Shipping and discount such that goods + shipping - discount = total.

    Platforms name vouchers, coins and subsidies in a dozen ways; what the buyer pays and what goods cost is certain.
    """
    discount = goods + shipping - total
    return (shipping, discount) if discount >= 0 else (total - goods, 0)


def vnd(value: object, name: str) -> int:
    """An amount of VND as platforms write it (99000, 99000.0, "99000.00"); raises OrderUnreadable for a fraction."""
    try:
        amount = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
        if amount is not None and amount == amount.to_integral_value() and 0 <= amount <= 10**12:
            return int(amount)
    except InvalidOperation:
        pass
    raise OrderUnreadable(f"{name} is no amount of VND: {str(value)[:40]}")


def product_code(*candidates: object) -> str:
    """The first code that is given and fits the contract."""
    for candidate in candidates:
        code = str(candidate).strip() if candidate not in (None, "", 0) else ""
        if 0 < len(code) <= _CODE_LENGTH:
            return code
    raise OrderUnreadable("a line has no product code")


def product_name(name: object) -> str:
    """The name, cut to what the contract takes."""
    return str(name or "").strip()[:_NAME_LENGTH]


def merged(units: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of the same product and price as one: some platforms write a line for each unit."""
    found: dict[tuple[str, int], Line] = {}
    for unit in units:
        at = (unit.product_code, unit.unit_price)
        found[at] = replace(found[at], quantity=found[at].quantity + unit.quantity) if at in found else unit
    return tuple(found.values())


def _line(line: Line) -> dict[str, Any]:
    return {
        "product_code": line.product_code,
        "product_name": line.product_name,
        "quantity": line.quantity,
        "unit_price_vnd": line.unit_price,
        "line_total_vnd": line.quantity * line.unit_price,
        "ocop_stars": None,
    }
