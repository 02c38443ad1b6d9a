"""Why a text is no time or no day: what is wrong with this one, for schemas/fitting.py."""

from __future__ import annotations

import re
from datetime import date, datetime

from schemas.reason import Reason

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DAY_AND_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(:\d\d)?.*)", re.ASCII | re.DOTALL)
_DAY_FIRST = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b.*", re.ASCII | re.DOTALL)
_FORM, _DAY_FORM = "2021-06-23T08:00:00+07:00", "2021-06-23"

NO_SUCH_DAY = Reason("names a day that the calendar does not have", "nêu một ngày không có trong lịch")
NO_SUCH_HOUR = Reason("names an hour that the clock does not have", "nêu một giờ không có thật")
DAY_FIRST = Reason(
    f"must have the year first, such as {_FORM}", f"phải ghi năm trước rồi đến tháng, ngày, ví dụ {_FORM}"
)
NO_TIME = Reason(
    f"is a day without a time: write both with the UTC offset, such as {_FORM}",
    f"chỉ có ngày, thiếu giờ: hãy ghi cả giờ và múi giờ, ví dụ {_FORM}",
)
NO_OFFSET = Reason(
    "has no UTC offset: write +07:00 at its end for the time of Việt Nam",
    "thiếu múi giờ: hãy thêm +07:00 vào cuối nếu là giờ Việt Nam",
)
NOT_TIMESTAMP = Reason(
    f"must be ISO 8601 such as {_FORM}, or epoch milliseconds",
    f"phải theo ISO 8601, ví dụ {_FORM}, hoặc là số mili giây từ 1970",
)
NOT_DATE = Reason(f"must be a day such as {_DAY_FORM}", f"phải là ngày dạng {_DAY_FORM}")
DATE_WITH_TIME = Reason(
    f"must be a day without a time, such as {_DAY_FORM}", f"phải là ngày không kèm giờ, ví dụ {_DAY_FORM}"
)
DATE_DAY_FIRST = Reason(
    f"must have the year first, such as {_DAY_FORM}", f"phải ghi năm trước rồi đến tháng, ngày, ví dụ {_DAY_FORM}"
)


def why_no_timestamp(text: str) -> Reason:
    """Of a text that is no time with a UTC offset."""
    if _DAY.fullmatch(text):
        return NO_TIME if _is_day(text) else NO_SUCH_DAY
    if found := _DAY_AND_TIME.fullmatch(text):
        if not _is_day(found[1]):
            return NO_SUCH_DAY
        if _is_time(text):
            return NO_OFFSET
        return NOT_TIMESTAMP if _is_time(f"2000-01-01T{found[2][:5]}") else NO_SUCH_HOUR
    if _DAY_FIRST.fullmatch(text):
        return DAY_FIRST
    return NO_OFFSET if _is_time(text) else NOT_TIMESTAMP


def why_no_date(text: str) -> Reason:
    """Of a text that is no day."""
    if _DAY.fullmatch(text):
        return NO_SUCH_DAY
    if _DAY_AND_TIME.fullmatch(text):
        return DATE_WITH_TIME
    return DATE_DAY_FIRST if _DAY_FIRST.fullmatch(text) else NOT_DATE


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
