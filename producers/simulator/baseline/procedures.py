"""The offers of administrative procedures: 1 530 of 1 900 at level 4, the fit of the published 80,53 %.

The codes and names beyond those of the reference list are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, is_among, june, office_time_before_report
from producers.simulator.calendar import VIETNAM, office_time
from producers.simulator.places import Places
from producers.simulator.record import Record
from schemas.reference.lists import Procedure

EVENT = "procedure_published"
OFFERED, AT_LEVEL_FOUR, WITHDRAWN = 1900, 1530, 6
HISTORIES = OFFERED + WITHDRAWN
PROVINCE = "H22"

Offer = dict[str, Any]


def procedure_offers(rng: Random, places: Places) -> Iterator[History]:
    """The procedures offered, some of them raised to level 4 in June, then a few that were withdrawn before the report.

    A part of them has about the share of level 4 that all have.
    """
    listed = places.procedures
    listed_at_four = sum(procedure.online_level == 4 for procedure in listed)
    for number, procedure in enumerate(listed):
        yield _history(rng, _of_list(places, procedure, number), raised=False)
    invented = OFFERED - len(listed)
    for number in range(invented):
        at_four = is_among(number, AT_LEVEL_FOUR - listed_at_four, invented)
        offer = _invented(rng, places, number, 4 if at_four else rng.choice((2, 3)))
        yield _history(rng, offer, raised=at_four and number % 40 == 0)
    for number in range(invented, invented + WITHDRAWN):
        yield _withdrawn(rng, _invented(rng, places, number, 3))


def _of_list(places: Places, procedure: Procedure, number: int) -> Offer:
    department = places.departments[number % len(places.departments)]
    return {
        "procedure_code": procedure.code,
        "procedure_name": procedure.name_vi,
        "field_name": procedure.field,
        "agency_code": department if procedure.authority == "province" else PROVINCE,
        "authority_level": procedure.authority,
        "online_level": procedure.online_level,
        "fee_vnd": procedure.fee_vnd,
        "legal_days": procedure.legal_days,
    }


def _invented(rng: Random, places: Places, number: int, level: int) -> Offer:
    field = places.procedures[number % len(places.procedures)].field
    authority = rng.choices(["province", "district", "commune"], [75, 16, 9])[0]
    return {
        "procedure_code": f"{1 + number % 3}.{900_000 + number}",
        "procedure_name": f"Thủ tục số {number + 1} về {field.lower()} (minh họa)",
        "field_name": field,
        "agency_code": rng.choice(places.departments) if authority == "province" else PROVINCE,
        "authority_level": authority,
        "online_level": level,
        "fee_vnd": rng.choice([0, 0, 0, 15_000, 50_000, 100_000, 500_000, None]),
        "legal_days": rng.choice([0, 1, 3, 5, 7, 10, 15, 20, 30, 45, None]),
    }


def _history(rng: Random, offer: Offer, *, raised: bool) -> History:
    if not raised:
        return [_published(rng, office_time_before_report(rng), 1, offer)]
    first = office_time(rng, june(rng.randint(1, 4)))
    second = office_time(rng, june(rng.randint(14, 18)))
    return [_published(rng, first, 1, {**offer, "online_level": 3}), _published(rng, second, 2, offer)]


def _withdrawn(rng: Random, offer: Offer) -> History:
    first = office_time(rng, june(rng.randint(1, 4)))
    second = first + timedelta(days=7)
    return [_published(rng, first, 1, offer), _published(rng, second, 2, {**offer, "offer": "withdrawn"})]


def _published(rng: Random, moment: datetime, version: int, offer: Offer) -> Record:
    return happened(
        rng,
        EVENT,
        moment,
        PROVINCE,
        **{"offer": "offered", **offer},
        decision_no=f"{100 + rng.randrange(2000)}/QĐ-UBND",
        valid_from=moment.astimezone(VIETNAM).date(),
        offer_version=version,
    )
