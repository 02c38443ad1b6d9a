"""The figures a month must give, counted from the simulated events themselves and not by the warehouse's SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from producers.simulator import cooperation, dossiers, orders
from producers.simulator.record import LOADED, Event, Record

Figure = tuple[int, int | None]
"""Numerator and denominator; a sum has no denominator."""

_GIVEN_BACK = {"returned", "cancelled", "failed"}


def expected_figures(records: Iterable[Record]) -> Mapping[str, Figure]:
    """Figures by their key in `mart.kpi`, for a warehouse that holds these records and no others."""
    good = [record for record in records if record.outcome == LOADED]
    dossier = _histories(good, dossiers.EVENT, "dossier_code")
    order = _histories(good, orders.EVENT, "order_id")
    task = _histories(good, cooperation.EVENT, "task_code")
    received = [steps for steps in dossier if any(step["received_at"] for step in steps)]
    verdicts = [_in_time(steps) for steps in dossier]
    delivered = [steps for steps in order if any(step["status"] in ("delivered", "completed") for step in steps)]
    return {
        "dossiers_on_time": (verdicts.count(True), verdicts.count(True) + verdicts.count(False)),
        "dossiers_online": (sum(steps[-1]["channel"] == "online" for steps in received), len(received)),
        "orders_delivered": (len(delivered), len(order)),
        "marketplace_revenue": (sum(_revenue(steps) for steps in delivered), None),
        "cooperation_tasks_done": (sum(_newest_report(steps)["status"] == "done" for steps in task), len(task)),
    }


def _histories(records: Iterable[Record], event: str, key: str) -> list[list[Event]]:
    """The events of each key, in the order they happened."""
    histories: dict[str, list[Event]] = {}
    for record in records:
        if record.event == event:
            histories.setdefault(record.body[key], []).append(record.body)
    return [sorted(steps, key=lambda step: step["occurred_at"]) for steps in histories.values()]


def _in_time(steps: list[Event]) -> bool | None:
    """None for a dossier that is not finished; waiting for one supplement does not count, for a second it is late."""
    finished = _first(steps, 9) or _first(steps, 10)
    if finished is None:
        return None
    pauses = [later["occurred_at"] - step["occurred_at"] for step, later in pairwise(steps) if step["status"] == 5]
    in_time: bool = finished - sum(pauses, timedelta()) <= steps[-1]["due_at"]
    return in_time and len(pauses) <= 1


def _first(steps: list[Event], status: int) -> datetime | None:
    return next((step["occurred_at"] for step in steps if step["status"] == status), None)


def _revenue(steps: list[Event]) -> int:
    return 0 if steps[-1]["status"] in _GIVEN_BACK else int(steps[-1]["total_vnd"])


def _newest_report(steps: list[Event]) -> Event:
    return max(steps, key=lambda step: int(step["report_version"]))
