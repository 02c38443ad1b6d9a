"""Online lessons by school and day; counts of pupils under 5 are left out, as the schools would."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places

EVENT = "online_class_summarised"
SCHOOLS = 24
# In June schools review online for two weeks before the holidays.
SCHOOL_DAYS = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12)
HISTORIES = SCHOOLS * len(SCHOOL_DAYS)

LEVELS = (
    ("upper_secondary", "THPT", 60),
    ("lower_secondary", "THCS", 45),
    ("primary", "Tiểu học", 30),
    ("continuing", "GDTX", 8),
)


def class_summaries(rng: Random, places: Places) -> Iterator[History]:
    """One summary of each school and school day."""
    for number in range(HISTORIES):
        school, day = number % SCHOOLS, june(SCHOOL_DAYS[number // SCHOOLS])
        level, short, lessons = LEVELS[school % len(LEVELS)]
        commune = places.communes[school * 8]
        yield [
            happened(
                rng,
                EVENT,
                office_time(rng, day),
                "H22.15",
                school_code=f"02.{commune}.{school + 1:02d}",
                school_name=f"Trường {short} {places.name_of[commune]}",
                school_level=level,
                agency_code="H22.15",
                commune_code=commune,
                day=day,
                **_counts(rng, lessons, online=school < 4 or rng.random() < 0.8),
                report_version=1,
            )
        ]


def _counts(rng: Random, lessons: int, *, online: bool) -> dict[str, Any]:
    classes = rng.randint(1, max(1, lessons // 6)) if online else 0
    enrolled = sum(rng.randint(2, 38) for _ in range(classes))
    attended = round(enrolled * rng.uniform(0.6, 1.0))
    return {
        "lessons": lessons,
        "online_lessons": rng.randint(classes, lessons) if online else 0,
        "online_classes": classes,
        "pupils_enrolled": enrolled if enrolled >= 5 else None,
        "pupils_attended": attended if min(enrolled, attended) >= 5 else None,
    }
