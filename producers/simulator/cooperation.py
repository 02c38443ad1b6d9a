"""Tasks under the six items of the cooperation agreement, reported on through June 2021."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from producers.simulator.calendar import FIRST, VIETNAM, in_june
from producers.simulator.identity import event_id
from producers.simulator.places import Places

Event = dict[str, Any]
EVENT = "cooperation_task_updated"

TITLES = {
    1: "Góp ý dự thảo nghị quyết về chuyển đổi số",
    2: "Xây dựng chương trình hành động và kế hoạch",
    3: "Nghiên cứu giải pháp chuyển đổi số",
    4: "Hỗ trợ sản phẩm OCOP và bán hàng trực tuyến",
    5: "Tổ chức sự kiện chuyển đổi số",
    6: "Lập danh mục và triển khai dự án",
}


def cooperation_events(rng: Random, places: Places) -> Iterator[list[Event]]:
    """Endless tasks: the reports on each, in the order they were made, all within June 2021."""
    number = 0
    while True:
        number += 1
        yield list(_reports(rng, places, item=(number - 1) % 6 + 1, number=(number - 1) // 6 + 1))


def _reports(rng: Random, places: Places, item: int, number: int) -> Iterator[Event]:
    due = FIRST + timedelta(days=rng.randrange(14, 90))
    task = {
        "source": "fpt",
        "synthetic": True,
        "task_code": f"HT{item}-{number:03d}",
        "item": item,
        "title": f"{TITLES[item]} - việc {number}",
        "agency_code": rng.choice(places.departments),
        "due_on": due,
        "budget_million_vnd": f"{rng.randrange(2_000_00) / 100:.2f}" if rng.random() < 0.6 else None,
    }
    day, progress, version = FIRST + timedelta(days=rng.randrange(5)), 0, 1
    while True:
        moment = _morning(rng, day)
        if not in_june(moment):
            return
        yield {
            "event_id": event_id(rng, moment),
            "occurred_at": moment,
            **task,
            "report_version": version,
            "status": _status(progress),
            "progress_percent": progress,
            "completed_on": day if progress == 100 else None,
            "note": f"Báo cáo lần {version}" if rng.random() < 0.3 else None,
        }
        if progress == 100:
            return
        day += timedelta(days=rng.randint(1, 3))
        progress, version = min(100, progress + rng.randint(2, 18)), version + 1


def _status(progress: int) -> str:
    return {0: "planned", 100: "done"}.get(progress, "in_progress")


def _morning(rng: Random, day: date) -> datetime:
    start = datetime.combine(day, time(8), VIETNAM)
    return (start + timedelta(milliseconds=rng.randrange(9 * 3600 * 1000))).astimezone(UTC)
