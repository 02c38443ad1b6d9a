"""Days and times as they are written in Vietnam: dd/MM/yyyy, local time Asia/Ho_Chi_Minh."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from schemas.fitting import Reason

HO_CHI_MINH = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no daylight saving

_DAY = re.compile(
    r"(?:(?P<d>\d{1,2})([/.-])(?P<m>\d{1,2})\2(?P<y>\d{4})|(?P<iso>\d{4}-\d\d-\d\d))"
    r"(?:[T ,]+(?P<time>\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?)(?P<offset>Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)

NOT_A_DAY = Reason(
    "must be a day such as 23/06/2021 (day first)", "phải là ngày dạng 23/06/2021 (ngày trước, tháng sau)"
)
NO_SUCH_DAY = Reason("is no day of the calendar (day first, then month)", "không có trong lịch (ngày trước, tháng sau)")
IS_SERIAL = Reason(
    "is a number; format the column as a date in Excel", "đang là số; hãy định dạng cột là Ngày (Date) trong Excel"
)


def read_date(cell: Any) -> Any:
    """The local day; its time, if there is one, is left out."""
    moment = _moment(cell, time(0))
    return moment.date() if isinstance(moment, datetime) else moment


def read_timestamp(cell: Any, at: time) -> Any:
    """Epoch milliseconds; a day without a time is taken at local time `at`."""
    moment = _moment(cell, at)
    if not isinstance(moment, datetime):
        return moment
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HO_CHI_MINH)
    return (aware - _EPOCH) // _MILLISECOND


def _moment(cell: Any, at: time) -> Any:
    if isinstance(cell, datetime):
        # Excel keeps a day as midnight, and a time as a fraction of a day, off by some microseconds.
        return _to_second(cell) if cell.time() != time(0) else datetime.combine(cell.date(), at)
    if isinstance(cell, date):
        return datetime.combine(cell, at)
    if isinstance(cell, int | float):
        return IS_SERIAL
    found = _DAY.fullmatch(cell) if isinstance(cell, str) else None
    return NOT_A_DAY if found is None else _from_text(found, at)


def _to_second(moment: datetime) -> datetime:
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _from_text(found: re.Match[str], at: time) -> Any:
    try:
        day = date.fromisoformat(found["iso"] or "{y}-{m:0>2}-{d:0>2}".format(**found.groupdict()))
        clock = time.fromisoformat(found["time"].zfill(_width(found["time"]))) if found["time"] else at
        offset = datetime.fromisoformat(f"2000-01-01T00:00:00{found['offset']}").tzinfo if found["offset"] else None
    except ValueError:
        return NO_SUCH_DAY
    return datetime.combine(day, clock, tzinfo=offset)


def _width(clock: str) -> int:
    """`8:05` lacks the zero that the standard asks for."""
    return len(clock) + (clock.index(":") == 1)
