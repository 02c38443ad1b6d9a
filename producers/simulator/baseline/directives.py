"""Directives of the steering committee and the executive board, followed until they are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import VIETNAM, office_time
from producers.simulator.places import Places

EVENT = "directive_issued"
HISTORIES = 16
TITLES = (
    "Đưa toàn bộ thủ tục đủ điều kiện lên mức độ 4",
    "Ký số toàn bộ văn bản điện tử",
    "Đưa sản phẩm OCOP lên sàn thương mại điện tử",
    "Bồi dưỡng nhân lực chuyển đổi số",
)
PROGRESS: tuple[tuple[int | None, ...], ...] = ((0, 40, 100), (0, 55), (0,), (0, 100), (0, None))
"""Percent done at each report; None means that the directive was cancelled."""


def directive_reports(rng: Random, places: Places) -> Iterator[History]:
    """The reports on each directive, a few days apart."""
    for number in range(HISTORIES):
        issued = office_time(rng, june(1 + number % 4))
        directive = {
            "directive_code": f"CD-2021-{number + 1:04d}",
            "issued_by": ("steering_committee", "executive_board")[number % 2],
            "document_no": f"{number + 1}/CĐ-BCĐ",
            "title": TITLES[number % len(TITLES)],
            "item": 1 + number % 6 if number % 7 else None,
            "agency_code": rng.choice(places.departments),
            "issued_on": issued.astimezone(VIETNAM).date(),
            "due_on": june(10 + number) if number % 8 != 7 else None,
        }
        moments = [issued + timedelta(days=6 * step) for step in range(3)]
        yield [
            happened(rng, EVENT, moment, "H22.11", **directive, **_state(percent, moment), report_version=version)
            for version, (percent, moment) in enumerate(zip(PROGRESS[number % len(PROGRESS)], moments, strict=False), 1)
        ]


def _state(percent: int | None, moment: datetime) -> dict[str, Any]:
    if percent is None:
        return {"state": "cancelled", "progress_percent": 20, "completed_on": None}
    state = {0: "assigned", 100: "done"}.get(percent, "in_progress")
    done_on = moment.astimezone(VIETNAM).date() if state == "done" else None
    return {"state": state, "progress_percent": percent, "completed_on": done_on}
