"""Values of edXML in the form that our contracts take."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from producers.agency_codes import canonical_agency_code
from producers.edxml.element import Element
from producers.edxml.faults import EdxmlInvalid, invalid
from schemas.fitting import Reason

VIETNAM = timezone(timedelta(hours=7))
# The standard's order, and the one that some systems write.
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[/-](?P<m>\d\d)[/-](?P<d>\d\d)(?: (?P<t>\d\d:\d\d:\d\d))?", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<d>\d\d)[/-](?P<m>\d\d)[/-](?P<y>\d{4})(?: (?P<t>\d\d:\d\d:\d\d))?", re.ASCII)


def moment(element: Element, *names: str) -> datetime:
    """A time such as `2021/06/23 08:00:00`, local; raises EdxmlInvalid."""
    return _read(element, names, needs_time=True)


def day(element: Element, *names: str) -> datetime:
    """The start of a day such as `2021/06/23`; raises EdxmlInvalid."""
    return _read(element, names, needs_time=False)


def agency(element: Element, *names: str) -> str:
    """An agency's code in the order of Decision 20/2020; raises EdxmlInvalid."""
    code = element.need_value(*names)
    canonical = canonical_agency_code(code)
    if canonical is None:
        said = "must be an agency's code such as H22.05 or 000.00.05.H22"
        raise invalid("/".join((element.path, *names)), "pattern", said, "phải là mã cơ quan, ví dụ H22.05", code)
    return canonical


def _read(element: Element, names: tuple[str, ...], *, needs_time: bool) -> datetime:
    text = element.need_value(*names)
    found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if found is None or (needs_time and not found["t"]):
        raise _no_such(element, names, text, Reason("", "") if found is None else _DAY_ALONE, needs_time)
    clock = found["t"] if needs_time else "00:00:00"
    try:
        return datetime.fromisoformat(f"{found['y']}-{found['m']}-{found['d']}T{clock}").replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise _no_such(element, names, text, _NOWHERE, needs_time) from error


_DAY_ALONE = Reason("is a day without a time and ", "chỉ có ngày, thiếu giờ, và ")
_NOWHERE = Reason("names a day or an hour that does not exist and ", "nêu ngày hoặc giờ không có thật, và ")


def _no_such(element: Element, names: tuple[str, ...], text: str, why: Reason, needs_time: bool) -> EdxmlInvalid:
    form = "2021/06/23 08:00:00" if needs_time else "2021/06/23"
    kind, kind_vi = ("time", "thời điểm") if needs_time else ("day", "ngày")
    path = "/".join((element.path, *names))
    said, said_vi = f"{why.en}must be a {kind} such as {form}", f"{why.vi}phải là {kind_vi} dạng {form}"
    return invalid(path, "type", said, said_vi, text)
