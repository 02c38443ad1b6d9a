"""How the served were satisfied, with their dossiers and with the answers to their feedback."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from producers.simulator.calendar import VIETNAM
from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share
from producers.simulator.record import Event

LONGEST_WORKING_DAYS = 15


def _ratings(loaded: Loaded) -> list[Event]:
    return latest(loaded["service_rated"], "dossier_code", by="rating_version")


def satisfaction_share(loaded: Loaded) -> Figure:
    """Dossiers rated satisfied or very satisfied, of those rated."""
    return share(_ratings(loaded), lambda rating: rating["rating"] != "dissatisfied")


def feedback_satisfied_share(loaded: Loaded) -> Figure:
    """Feedback answered in 15 working days to no dissatisfaction, of all feedback."""
    return share((rating for rating in _ratings(loaded) if rating["feedback_at"]), _is_well_answered)


def _is_well_answered(rating: Event) -> bool:
    if not rating["answered_at"] or rating["answer_rating"] == "dissatisfied":
        return False
    return working_days(rating["feedback_at"], rating["answered_at"]) <= LONGEST_WORKING_DAYS


def working_days(begin: datetime, end: datetime) -> int:
    """Mondays to Fridays after the day of `begin`, that of `end` included, in Vietnam."""
    day, last = (moment.astimezone(VIETNAM).date() for moment in (begin, end))
    return sum((day + timedelta(days=n)).weekday() < 5 for n in range(1, (last - day).days + 1))


FIGURES: Mapping[str, Count] = {
    "satisfaction_share": satisfaction_share,
    "feedback_satisfied_share": feedback_satisfied_share,
}
