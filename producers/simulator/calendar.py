"""Days and hours of the province's offices: June 2021 unless said otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST = date(2021, 6, 1)
DAYS = 30
END = datetime(2021, 7, 1, tzinfo=VIETNAM)


@dataclass(frozen=True)
class Period:
    """Things begin on a day from `first` to `last`; what happens to them is told up to `end`."""

    first: date
    last: date
    end: datetime

    def day(self, rng: Random) -> date:
        """Any day of it."""
        return self.first + timedelta(days=rng.randrange((self.last - self.first).days + 1))

    def working_day(self, rng: Random) -> date:
        """A Monday to Friday of it; it must have one."""
        while True:
            day = self.day(rng)
            if day.weekday() < 5:
                return day


JUNE_2021 = Period(FIRST, FIRST + timedelta(days=DAYS - 1), END)


def office_time(rng: Random, day: date) -> datetime:
    """A moment in the office hours of that day, in UTC, with milliseconds."""
    opening = datetime.combine(day, time(7, 30), VIETNAM)
    return (opening + timedelta(milliseconds=rng.randrange(8 * 3600 * 1000))).astimezone(UTC)


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
