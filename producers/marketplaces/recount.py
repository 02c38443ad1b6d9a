"""Compares a platform's orders of a day with the warehouse's, shop by shop and order by order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from infra.errors import OperatorError
from producers.marketplaces.change import Change
from producers.marketplaces.deliver import fetched
from producers.marketplaces.orders import as_documented
from producers.marketplaces.platforms import Platform
from producers.marketplaces.raw_store import Store
from producers.marketplaces.reading import VIETNAM
from producers.marketplaces.session import Session
from producers.marketplaces.sessions import Sessions

OURS = text((Path(__file__).parent / "recount.sql").read_text(encoding="utf-8"))


class RecountDiffers(OperatorError):
    """The warehouse lacks orders of a marketplace or has other totals: the report names them.

    Look for them in quarantine and in `hagiang marketplaces refused`; Shopee's lost pushes are asked for by themselves.
    """


@dataclass(frozen=True)
class Difference:
    """An order with the totals of both sides, in VND; None where a side does not have it."""

    order_id: str
    platform_vnd: int | None
    warehouse_vnd: int | None


@dataclass(frozen=True)
class ShopCount:
    """Both sides of one shop's day. `only_ours` are orders first heard of that day which the platform does not list:
    made on another day as a rule, so they are told but are no difference."""

    source: str
    platform_orders: int
    platform_vnd: int
    warehouse_orders: int
    warehouse_vnd: int
    differences: tuple[Difference, ...]
    only_ours: tuple[str, ...]

    @property
    def summary(self) -> str:
        """How many orders differ, and the first ten of them."""
        first = ", ".join(one.order_id for one in self.differences[:10])
        return f"{len(self.differences)} of {self.platform_orders} orders differ: {first}"


@dataclass(frozen=True)
class Recount:
    """A day in Vietnam; `failed` holds the shops whose platform could not be asked, with the reason."""

    day: date
    shops: tuple[ShopCount, ...]
    failed: Mapping[str, str]

    @property
    def differs(self) -> bool:
        """Whether a person should look."""
        return bool(self.failed) or any(shop.differences for shop in self.shops)

    @property
    def summary(self) -> str:
        """One sentence: the shops that differ with their orders and those that failed."""
        told = [f"{shop.source}: {shop.summary}" for shop in self.shops if shop.differences]
        return "; ".join([*told, *(f"{source}: {reason}" for source, reason in self.failed.items())])

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {
            "day": self.day.isoformat(),
            "shops": [asdict(shop) for shop in self.shops],
            "failed": dict(self.failed),
        }


def recount(sessions: Sessions, engine: Engine, day: date) -> Recount:
    """Ask every shop's platform for its orders of the day, and the warehouse for the same ones.

    A platform that does not answer does not stop the others. The engine may be the dashboards' (core is read only).
    """
    shops, failed = [], {}
    for platform, session in sessions.all():
        try:
            shops.append(count_shop(platform, session, engine, day))
        except OperatorError as error:
            failed[session.shop.source] = str(error)
    return Recount(day, tuple(shops), failed)


def keep_report(store: Store, found: Recount) -> str:
    """Store the report, over an earlier one of the same day; returns its key."""
    key = f"reports/marketplaces/recount/{found.day}.json"
    store.put(key, json.dumps(found.as_json(), ensure_ascii=False, indent=1).encode())
    return key


def count_shop(platform: Platform, session: Session, engine: Engine, day: date) -> ShopCount:
    """Both sides of one shop."""
    since, until = bounds(day)
    with as_documented(f"{platform.name} orders of {day}"):
        order_ids = list(dict.fromkeys(platform.orders_created(session, since, until)))
    theirs = {order_id: _total(platform, session, order_id) for order_id in order_ids}
    with engine.connect() as connection:
        asked = {
            "platform": platform.name,
            "shop_id": session.shop.shop_id,
            "order_ids": order_ids,
            "since": since,
            "until": until,
        }
        ours = {row.order_id: int(row.total_vnd) for row in connection.execute(OURS, asked)}
    return compared(session.shop.source, theirs, ours)


def compared(source: str, theirs: Mapping[str, int], ours: Mapping[str, int]) -> ShopCount:
    """The count of a shop, from both sides' totals by order."""
    shared = {order_id: ours[order_id] for order_id in theirs if order_id in ours}
    return ShopCount(
        source=source,
        platform_orders=len(theirs),
        platform_vnd=sum(theirs.values()),
        warehouse_orders=len(shared),
        warehouse_vnd=sum(shared.values()),
        differences=tuple(_differences(theirs, ours)),
        only_ours=tuple(sorted(set(ours) - set(theirs))),
    )


def bounds(day: date) -> tuple[datetime, datetime]:
    """The day in Vietnam, its end excluded."""
    since = datetime.combine(day, time(), VIETNAM)
    return since, since + timedelta(days=1)


def _differences(theirs: Mapping[str, int], ours: Mapping[str, int]) -> Iterable[Difference]:
    for order_id, total in sorted(theirs.items()):
        if ours.get(order_id) != total:
            yield Difference(order_id, total, ours.get(order_id))


def _total(platform: Platform, session: Session, order_id: str) -> int:
    """By the same call as an event's, so that both sides mean the same by a total."""
    since, _until = bounds(session.now().date())
    change = Change(platform.name, session.shop.shop_id, order_id, "", since)
    return fetched(platform, session, change)[1].total
