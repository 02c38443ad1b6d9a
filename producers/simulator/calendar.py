"""Times of June 2021 in the offices of the province."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2021, 6, 1)
DAYS = 30
END = datetime(2021, 7, 1, tzinfo=VIETNAM)


def office_time(rng: Random, day: date) -> datetime:
    """A moment in the office hours of that day, in UTC, with milliseconds."""
    opening = datetime.combine(day, time(7, 30), VIETNAM)
    return (opening + timedelta(milliseconds=rng.randrange(8 * 3600 * 1000))).astimezone(UTC)


def working_day(rng: Random) -> date:
    """A Monday to Friday of June 2021."""
    while True:
        day = FIRST + timedelta(days=rng.randrange(DAYS))
        if day.weekday() < 5:
            return day


def after(rng: Random, moment: datetime, least_hours: float, most_hours: float) -> datetime:
    """A moment between so many hours later."""
    return moment + timedelta(milliseconds=int(rng.uniform(least_hours, most_hours) * 3_600_000))


def in_june(moment: datetime) -> bool:
    """Whether it happened before July began in Vietnam."""
    return moment < END


def add_working_days(moment: datetime, days: int) -> datetime:
    """The same time so many working days later."""
    left, result = days, moment
    while left:
        result += timedelta(days=1)
        left -= result.astimezone(VIETNAM).weekday() < 5
    return result
