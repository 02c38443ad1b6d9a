"""Training courses of June 2021 for leaders, officials, youth and households."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places

EVENT = "training_session_held"
HISTORIES = 18
COURSES = (
    ("leaders", "digital_awareness", "Nhận thức về chuyển đổi số cho lãnh đạo"),
    ("officials", "digital_skills", "Kỹ năng số cho cán bộ, công chức"),
    ("officials", "information_security", "An toàn thông tin cho cán bộ, công chức"),
    ("youth", "public_services", "Thanh niên hỗ trợ dịch vụ công trực tuyến"),
    ("households", "e_commerce", "Bán hàng trên sàn thương mại điện tử"),
)


def training_sessions(rng: Random, places: Places) -> Iterator[History]:
    """Courses of one or two days; the first report on some of them did not have the test's results yet."""
    for number in range(HISTORIES):
        session = _session(rng, places, number)
        complete = {**session, **_test(rng, session["attended"])}
        versions = [session, complete] if number % 3 == 1 else [complete]
        ended = office_time(rng, session["ended_on"])
        yield [
            happened(rng, EVENT, ended + timedelta(days=step), "fpt", **version, report_version=step + 1)
            for step, version in enumerate(versions)
        ]


def _session(rng: Random, places: Places, number: int) -> dict[str, Any]:
    audience, topic, title = COURSES[number % len(COURSES)]
    first = june(1 + number)
    invited = rng.randint(25, 140)
    return {
        "session_code": f"DT-2021-{number + 1:04d}",
        "task_code": f"HT5-{1 + number % 9:03d}",
        "title": f"{title} - lớp {number // len(COURSES) + 1}",
        "audience": audience,
        "topic": topic,
        "agency_code": "H22.11",
        "admin_unit_code": "02" if audience == "leaders" else places.districts[number % len(places.districts)],
        "delivery": ("online", "in_person", "mixed")[number % 3],
        "started_on": first,
        "ended_on": first + timedelta(days=number % 2),
        "hours": ("4", "7.5", "9")[number % 3],
        "invited": invited,
        "attended": invited - rng.randint(0, invited // 5),
        "examined": None,
        "passed": None,
    }


def _test(rng: Random, attended: int) -> dict[str, int]:
    examined = attended - rng.randint(0, 4)
    return {"examined": examined, "passed": examined - rng.randint(0, examined // 6)}
