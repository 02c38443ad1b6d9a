"""Procedures after June 2021: raised year by year, told by Decree 42/2022 from then on, handed over at the merger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import ENVELOPE, History, happened
from producers.simulator.baseline.procedures import EVENT
from producers.simulator.calendar import office_time
from producers.simulator.growth.merger import PROVINCE_2021, PROVINCE_2025
from producers.simulator.growth.months import MERGER
from producers.simulator.record import Event, Record

DECREE_42 = date(2022, 6, 24)
EXTENT_OF_LEVEL = {2: "information", 3: "partial", 4: "full"}
RAISED_TO_FULL = 0.7
"""So many of those that were below level 4 in 2021 are full by the middle of 2025."""


def later_offers(rng: Random, offers: Iterable[Event], new_agency: dict[str, str]) -> Iterator[History]:
    """For each offer of June 2021 the later ones: its extent, perhaps raised, then of the agency that took it over."""
    latest = {(offer["procedure_code"], offer["agency_code"]): offer for offer in offers}
    for number, offer in enumerate(latest.values()):
        if offer["offer"] == "offered":
            plain = {name: value for name, value in offer.items() if name not in ENVELOPE}
            yield list(_offers(rng, plain, number, new_agency))


def _offers(rng: Random, offer: dict[str, Any], number: int, new_agency: dict[str, str]) -> Iterator[Record]:
    extent = EXTENT_OF_LEVEL[offer["online_level"]]
    offer = {**offer, "online_level": None, "online_extent": extent, "offer_version": offer["offer_version"] + 1}
    yield _published(rng, PROVINCE_2021, DECREE_42 + timedelta(days=4 + number % 5), offer)
    if extent != "full" and rng.random() < RAISED_TO_FULL:
        offer = {**offer, "online_extent": "full", "offer_version": offer["offer_version"] + 1}
        yield _published(rng, PROVINCE_2021, date(2022, 9, 1) + timedelta(days=rng.randrange(1000)), offer)
    withdrawn = {**offer, "offer": "withdrawn", "offer_version": offer["offer_version"] + 1}
    yield _published(rng, PROVINCE_2021, MERGER - timedelta(days=1), withdrawn)
    handed_over = {**offer, "agency_code": new_agency[offer["agency_code"]], "offer_version": 1}
    yield _published(rng, PROVINCE_2025, MERGER, handed_over)


def _published(rng: Random, source: str, day: date, offer: dict[str, Any]) -> Record:
    return happened(rng, EVENT, office_time(rng, day), source, **{**offer, "valid_from": day})
