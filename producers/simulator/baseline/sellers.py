"""Shops opened, paused, closed and opened again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places
from producers.simulator.record import Record
from producers.simulator.shops import SHOPS, Shop, shops

EVENT = "seller_onboarded"
HISTORIES = SHOPS


def shop_histories(rng: Random, places: Places) -> Iterator[History]:
    """Each shop's changes of state, all told in June 2021."""
    for shop in shops(places):
        opened_on = date(2020, 3, 2) + timedelta(days=rng.randrange(450))
        moment = office_time(rng, june(1))
        yield [
            _state(rng, shop, opened_on, previous, state, moment + timedelta(days=5 * step))
            for step, (previous, state) in enumerate(_walk(shop.number))
        ]


def _walk(number: int) -> list[tuple[str | None, str]]:
    match number % 16:
        case 7:
            return [(None, "open"), ("open", "paused")]
        case 11:
            return [(None, "open"), ("open", "paused"), ("paused", "open")]
        case 15:
            return [(None, "open"), ("open", "closed")]
    return [(None, "open")]


def _state(rng: Random, shop: Shop, opened_on: date, previous: str | None, state: str, moment: datetime) -> Record:
    return happened(
        rng,
        EVENT,
        moment,
        f"{shop.platform}:{shop.shop_id}",
        platform=shop.platform,
        shop_id=shop.shop_id,
        previous_state=previous,
        state=state,
        seller_kind=shop.kind,
        seller_pseudonym=shop.pseudonym,
        tax_code=shop.tax_code,
        seller_commune_code=shop.commune,
        supported_by=("fpt", "agency", "none", "platform")[shop.number % 4],
        opened_on=opened_on,
    )
