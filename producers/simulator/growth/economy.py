"""Visits and sales by season, and the certificates that were renewed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from producers.simulator.baseline import ocop, tourism
from producers.simulator.baseline.history import ENVELOPE, History, happened, is_among, split
from producers.simulator.calendar import office_time
from producers.simulator.growth.merger import Borders
from producers.simulator.growth.months import AFTER, months, sales_factor, tourism_factor, weights
from producers.simulator.orders import EVENT as ORDERED
from producers.simulator.orders import orders_at
from producers.simulator.record import Event, Record
from producers.simulator.shops import ORDERED_FROM, shops
from producers.simulator.take import take

FIRST_DAY = date(2021, 7, 1)
REPORTS_A_DAY = len(tourism.SITES) * len(tourism.KINDS)
MOST_VISIT_REPORTS = (AFTER - FIRST_DAY).days * REPORTS_A_DAY

SCHEME_2023 = date(2023, 2, 24)
GROUP_OF_2023 = {
    "herbal": "medicinal",
    "fabric": "handicraft",
    "souvenir_decor": "handicraft",
    "rural_tourism": "community_tourism",
}
"""Groups of Decision 148/QĐ-TTg; the others are called as before."""


def visit_reports(rng: Random, borders: Borders, wanted: int) -> Iterator[History]:
    """So many of all days' reports, at most MOST_VISIT_REPORTS, evenly spread over places and times."""
    for number in range(MOST_VISIT_REPORTS):
        if not is_among(number, wanted, MOST_VISIT_REPORTS):
            continue
        day = FIRST_DAY + timedelta(days=number // REPORTS_A_DAY)
        code, name, commune, usual = tourism.SITES[number % len(tourism.SITES)]
        site = (code, name, borders.commune_on(day, commune), round(usual * tourism_factor(day)))
        kind = tourism.KINDS[number // len(tourism.SITES) % len(tourism.KINDS)]
        yield tourism.reports(rng, borders.on(day), site, kind, day)


def order_records(rng: Random, borders: Borders, wanted: int) -> list[Record]:
    """So many steps of orders, spread over the months by season."""
    sellers = shops(borders.before)[:ORDERED_FROM]
    found: list[Record] = []
    for month, number in zip(months(), split(wanted, weights(sales_factor)), strict=True):
        here = [replace(shop, commune=borders.commune_on(month.first, shop.commune)) for shop in sellers]
        found += [Record(ORDERED, body) for body in take(orders_at(rng, here, month), number)]
    return found


def renewed_certificates(rng: Random, ratings: Iterable[Event]) -> Iterator[History]:
    """A new decision for each product of three stars or more as its certificate lapses, by the scheme of the day."""
    latest = {rating["product_code"]: rating for rating in ratings}
    for rating in latest.values():
        if rating["stars"] >= ocop.LEAST_STARS and rating["certificate"] != "revoked":
            yield [_renewed(rng, rating)]


def _renewed(rng: Random, rating: Event) -> Record:
    day = rating["valid_until"] + timedelta(days=1)
    new_scheme = day >= SCHEME_2023
    group = rating["product_group"]
    changes = {
        "scheme": "2023" if new_scheme else "2019",
        "product_group": GROUP_OF_2023.get(group, group) if new_scheme else group,
        "awarded_by": {3: "district", 5: "central"}.get(rating["stars"], "province") if new_scheme else "province",
        "certificate": "renewed",
        "decision_no": None,
        "rated_on": day,
        "valid_until": ocop.three_years_on(day),
        "rating_version": rating["rating_version"] + 1,
    }
    fields = {name: value for name, value in rating.items() if name not in ENVELOPE}
    return happened(rng, ocop.EVENT, office_time(rng, day), "H22.07", **{**fields, **changes})
