"""Ratings of finished dossiers, and the answers to the feedback that came with some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from random import Random
from typing import Any

from producers.simulator.calendar import END, after
from producers.simulator.identity import event_id
from producers.simulator.record import Event

EVENT = "service_rated"
RATINGS, WEIGHTS = ("very_satisfied", "satisfied", "dissatisfied"), (52, 42, 6)
REASONS = ("late", "extra_papers", "extra_visits", "attitude", "unclear_guidance", "system_fault")
FINISHED = 9


def rating_events(rng: Random, dossier_steps: Iterable[Event], end: datetime = END) -> Iterator[list[Event]]:
    """The rating of each finished dossier, in the order of the steps given; a second version has the answer.

    Nothing is told that happened at `end` or later.
    """
    for step in dossier_steps:
        rated_at = after(rng, step["occurred_at"], 0.5, 30)
        if step["status"] == FINISHED and rated_at < end:
            yield list(_versions(rng, step, rated_at, end))


def _versions(rng: Random, dossier: Event, rated_at: datetime, end: datetime) -> Iterator[Event]:
    rating = rng.choices(RATINGS, WEIGHTS)[0]
    feedback = rating == "dissatisfied" or rng.random() < 0.05
    first = {
        **{name: dossier[name] for name in ("source", "dossier_code", "procedure_code", "agency_code", "commune_code")},
        "synthetic": True,
        "rating": rating,
        "dissatisfaction_reason": rng.choice(REASONS) if rating == "dissatisfied" else None,
        "feedback_at": rated_at if feedback else None,
        "answered_at": None,
        "answer_rating": None,
    }
    yield _event(rng, rated_at, 1, first)
    answered_at = after(rng, rated_at, 4, 300)
    if feedback and rng.random() < 0.9 and answered_at < end:
        answer_rating = rng.choices(RATINGS, (20, 65, 15))[0]
        yield _event(rng, answered_at, 2, {**first, "answered_at": answered_at, "answer_rating": answer_rating})


def _event(rng: Random, moment: datetime, version: int, rating: dict[str, Any]) -> Event:
    return {"event_id": event_id(rng, moment), "occurred_at": moment, **rating, "rating_version": version}
