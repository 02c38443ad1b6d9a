"""Dossiers: in time, online, paid online, with an electronic result, digitised (Decision 766/QĐ-TTg)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from producers.simulator.counting.loaded import Count, Figure, Loaded, histories, whole_seconds
from producers.simulator.record import Event

Steps = list[Event]
SUPPLEMENT, FINISHED, HANDED_OVER = 5, 9, 10


def _dossiers(loaded: Loaded) -> list[Steps]:
    return histories(loaded["dossier_status_changed"], "dossier_code")


def _ended(loaded: Loaded) -> list[Steps]:
    """Dossiers that are finished or handed over."""
    return [steps for steps in _dossiers(loaded) if steps[-1]["status"] in (FINISHED, HANDED_OVER)]


def _any(steps: Steps, field: str) -> bool:
    """Whether a step says so; steps of the contract's first version say nothing."""
    return any(step[field] for step in steps)


def dossiers_on_time(loaded: Loaded) -> Figure:
    """Finished dossiers that were in time, of all finished."""
    verdicts = [_in_time(steps) for steps in _ended(loaded)]
    return sum(verdicts), len(verdicts)


def _in_time(steps: Steps) -> bool:
    """Waiting for one supplement does not count; a dossier with a second one is late."""
    pauses = _pauses(steps)
    in_time: bool = _end(steps) - sum(pauses, timedelta()) <= steps[-1]["due_at"]
    return in_time and len(pauses) <= 1


def _pauses(steps: Steps) -> list[timedelta]:
    return [
        later["occurred_at"] - step["occurred_at"] for step, later in pairwise(steps) if step["status"] == SUPPLEMENT
    ]


def _end(steps: Steps) -> datetime:
    """The first time it was finished, else handed over."""
    ends = {step["status"]: step["occurred_at"] for step in reversed(steps)}
    end: datetime = ends.get(FINISHED) or ends[HANDED_OVER]
    return end


def dossiers_online(loaded: Loaded) -> Figure:
    """Received dossiers that came online, of all received."""
    received = _received(loaded)
    return sum(_is_online(steps) for steps in received), len(received)


def online_dossier_share(loaded: Loaded) -> Figure:
    """Received dossiers that came online and have an electronic result, of all received."""
    received = _received(loaded)
    return sum(_is_online(steps) and _any(steps, "electronic_result") for steps in received), len(received)


def _received(loaded: Loaded) -> list[Steps]:
    return [steps for steps in _dossiers(loaded) if _any(steps, "received_at")]


def _is_online(steps: Steps) -> bool:
    return bool(steps[-1]["channel"] == "online")


def paid_online_share(loaded: Loaded) -> Figure:
    """Dossiers paid online, of those with a fee."""
    with_fee = [steps for steps in _received(loaded) if _any(steps, "fee_vnd")]
    return sum(_any(steps, "paid_online") for steps in with_fee), len(with_fee)


def electronic_result_share(loaded: Loaded) -> Figure:
    """Ended dossiers with an electronic result, of those that need a result document."""
    needing = [steps for steps in _ended(loaded) if _any(steps, "needs_result_document")]
    return sum(_any(steps, "electronic_result") for steps in needing), len(needing)


def digitised_share(loaded: Loaded) -> Figure:
    """Ended dossiers with all components and the result in electronic form, of all ended."""
    ended = _ended(loaded)
    return sum(_is_digitised(steps) and _any(steps, "electronic_result") for steps in ended), len(ended)


def _is_digitised(steps: Steps) -> bool:
    told = [step for step in steps if step["component_count"] is not None]
    return bool(told) and told[-1]["digitised_component_count"] >= told[-1]["component_count"]


def mean_processing_hours(loaded: Loaded) -> Figure:
    """Seconds from receipt to end of all ended dossiers, time awaiting a supplement left out; and their number."""
    ended = _ended(loaded)
    spent = [_end(steps) - steps[-1]["received_at"] - sum(_pauses(steps), timedelta()) for steps in ended]
    return whole_seconds(spent), len(ended)


FIGURES: Mapping[str, Count] = {
    "dossiers_on_time": dossiers_on_time,
    "dossiers_online": dossiers_online,
    "online_dossier_share": online_dossier_share,
    "paid_online_share": paid_online_share,
    "electronic_result_share": electronic_result_share,
    "digitised_share": digitised_share,
    "mean_processing_hours": mean_processing_hours,
}
