"""What all DAGs of the platform have in common: Vietnam's clock, no catching up, and that they run from the start."""

from __future__ import annotations

from typing import Any

import pendulum
from airflow.sdk import CronTriggerTimetable

VIETNAM = "Asia/Ho_Chi_Minh"
BOARD = "digital-transformation-board"
FIRST_DAY = pendulum.datetime(2021, 6, 1, tz=VIETNAM)


def by_clock(cron: str) -> CronTriggerTimetable:
    """By Vietnam's clock."""
    return CronTriggerTimetable(cron, timezone=VIETNAM)


def standing(owner: str = BOARD, max_active_runs: int = 1) -> dict[str, Any]:
    """Arguments of a DAG. A run asks what there is to do, so that runs which were missed need not be made up for."""
    return {
        "start_date": FIRST_DAY,
        "catchup": False,
        "max_active_runs": max_active_runs,
        "is_paused_upon_creation": False,
        "default_args": {"owner": owner},
    }
