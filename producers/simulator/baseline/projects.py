"""The catalogue of digital transformation projects, each reported on as it enters a phase."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import VIETNAM, office_time
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "project_status_changed"
HISTORIES = 20
PILLARS = (
    ("digital_government", "Nâng cấp cổng dịch vụ công"),
    ("digital_economy", "Sàn nông sản và sản phẩm OCOP"),
    ("digital_society", "Tư vấn sức khỏe từ xa"),
    ("foundation", "Nền tảng tích hợp, chia sẻ dữ liệu"),
)
WALKS: tuple[tuple[str, ...], ...] = (
    ("proposed", "approved", "in_progress", "trial", "in_operation"),
    ("proposed", "approved", "in_progress"),
    ("proposed", "approved"),
    ("proposed", "approved", "in_progress", "paused"),
    ("proposed",),
)
PROGRESS = {"in_progress": 35, "trial": 85, "paused": 35, "in_operation": 100}


def project_reports(rng: Random, places: Places) -> Iterator[History]:
    """The reports on each project, some days apart, all before the day of the published figures or shortly after."""
    for number in range(HISTORIES):
        project = _project(rng, places, number)
        walk = WALKS[number % len(WALKS)]
        moment = office_time(rng, june(1 + number % 3))
        reports: list[Record] = []
        for version, phase in enumerate(walk, 1):
            reports.append(
                happened(
                    rng,
                    EVENT,
                    moment,
                    "H22.11",
                    **project,
                    previous_phase=walk[version - 2] if version > 1 else None,
                    phase=phase,
                    **_progress(project, phase, moment.astimezone(VIETNAM).date()),
                    report_version=version,
                )
            )
            moment += timedelta(days=rng.randint(2, 5))
        yield reports


def _project(rng: Random, places: Places, number: int) -> dict[str, Any]:
    pillar, title = PILLARS[number % len(PILLARS)]
    return {
        "project_code": f"DA-2021-{number + 1:04d}",
        "task_code": f"HT6-{number + 1:03d}",
        "title": f"{title} - dự án {number + 1}",
        "pillar": pillar,
        "assigned_by": ("steering_committee", "executive_board", "provincial_committee")[number % 3],
        "directive_code": f"CD-2021-{1 + number % 12:04d}" if number % 3 == 0 else None,
        "agency_code": rng.choice(places.departments),
        "budget_million_vnd": f"{rng.randrange(500_00, 20_000_00) / 100:.2f}",
        "due_on": date(2022 + number % 4, 12, 31),
    }


def _progress(project: dict[str, Any], phase: str, day: date) -> dict[str, Any]:
    percent = PROGRESS.get(phase, 0)
    return {
        "progress_percent": percent,
        "spent_million_vnd": f"{float(project['budget_million_vnd']) * percent / 110:.2f}",
        "completed_on": day if phase == "in_operation" else None,
    }
