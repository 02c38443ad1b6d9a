"""Dossiers, each followed from its submission on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from producers.simulator.calendar import JUNE_2021, VIETNAM, Period, add_working_days, after, office_time
from producers.simulator.identity import event_id
from producers.simulator.places import Places

Event = dict[str, Any]
EVENT = "dossier_status_changed"
LATER_FIELDS = (
    "paid_online",
    "needs_result_document",
    "electronic_result",
    "component_count",
    "digitised_component_count",
)
"""Fields that the first version of the contract did not have."""


def dossier_events(rng: Random, places: Places, period: Period = JUNE_2021) -> Iterator[list[Event]]:
    """Endless dossiers received in the period: the list of steps of each, in the order they happened."""
    number = 0
    while True:
        number += 1
        yield list(_steps(rng, places, period, number))


def _steps(rng: Random, places: Places, period: Period, number: int) -> Iterator[Event]:
    received = office_time(rng, period.working_day(rng))
    commune = places.commune(rng)
    agency = places.agency(rng, commune)
    procedure = rng.choice(places.procedures)
    due = add_working_days(received, procedure.legal_days)
    components = rng.randint(1, 6)
    channel = rng.choices(["direct", "online", "post"], [50, 44, 6])[0]
    dossier = {
        "source": agency,
        "synthetic": True,
        "dossier_code": f"{agency}-{received.astimezone(VIETNAM):%y%m%d}-{number:06d}",
        "procedure_code": procedure.code,
        "agency_code": agency,
        "commune_code": commune,
        "channel": channel,
        "applicant_kind": rng.choices(["citizen", "business", "household_business"], [80, 12, 8])[0],
        "fee_vnd": procedure.fee_vnd or None,
        "paid_online": (channel == "online" and rng.random() < 0.4) if procedure.fee_vnd else None,
        "needs_result_document": rng.random() < 0.9,
        "component_count": components,
        "digitised_component_count": components if channel == "online" else rng.randint(0, components),
    }
    previous, has_electronic_result = None, rng.random() < (0.8 if channel == "online" else 0.3)
    for status, moment in _walk(rng, channel, received, due):
        if moment >= period.end:
            return
        accepted = status not in (1, 3)
        yield {
            "event_id": event_id(rng, moment),
            "occurred_at": moment,
            **dossier,
            "previous_status": previous,
            "status": status,
            "received_at": received if accepted else None,
            "due_at": due if accepted else None,
            "electronic_result": has_electronic_result if status in (9, 10) else None,
        }
        previous = status


def _walk(rng: Random, channel: str, received: datetime, due: datetime) -> Iterator[tuple[int, datetime]]:
    """States and their times: submitted, accepted, in process, now and then a supplement or a payment, finished."""
    if channel == "online":
        yield 1, received - timedelta(minutes=rng.randrange(5, 25))
        if rng.random() < 0.03:
            yield 3, received
            return
    yield 2, received
    moment = after(rng, received, 0.2, 6)
    yield 4, moment
    if rng.random() < 0.12:
        pause = rng.choice([5, 6])
        moment = after(rng, moment, 1, 8)
        yield pause, moment
        moment = after(rng, moment, 4, 48)
        yield 4, moment
    if rng.random() < 0.01:
        yield 8, after(rng, moment, 1, 8)
        return
    finished = _finish(rng, moment, due)
    yield 9, finished
    yield 10, after(rng, finished, 0.2, 24)


def _finish(rng: Random, moment: datetime, due: datetime) -> datetime:
    """Nine of ten are finished in time."""
    if rng.random() < 0.1:
        return after(rng, max(moment, due), 2, 72)
    left_hours = max((due - moment).total_seconds() / 3600, 1.0)
    return after(rng, moment, 0.5 * min(left_hours, 1.0), left_hours * 0.95)
