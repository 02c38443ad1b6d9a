"""Values of a sync record: all of them text, `""` for what is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from schemas.codec import EventInvalid
from schemas.rules import HIDDEN, Violation, kind_of, show

VIETNAM = timezone(timedelta(hours=7))
Record = Mapping[str, Any]
_TIME = re.compile(r"\d{14}", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


class RecordInvalid(EventInvalid):
    """The sync record cannot be taken: mend the field that is named and send the record again."""


def invalid(field: str, rule: str, said: str, said_vi: str, value: str | None = None) -> RecordInvalid:
    """An error about one field; `value` is shown, so give none that may be about a person."""
    shown = HIDDEN if value is None else show(value)
    end, end_vi = ("", "") if value is None else (f", is {shown}", f", đang là {shown}")
    return RecordInvalid([Violation(field, rule, shown, f"{field} {said}{end}", f"{field} {said_vi}{end_vi}")])


def text(record: Record, field: str) -> str | None:
    """The text without spaces around it; None when missing or empty. Raises RecordInvalid for what is no text."""
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        kind = kind_of(value)
        raise invalid(field, "type", f"must be text, is {kind.en}", f"phải là chuỗi ký tự, đang là {kind.vi}")
    return value.strip() or None


def need_text(record: Record, field: str) -> str:
    """As `text`, but it must be there."""
    found = text(record, field)
    if found is None:
        raise invalid(field, "required", "is missing or empty", "bị thiếu hoặc để trống")
    return found


def moment(record: Record, field: str) -> datetime | None:
    """A time `yyyyMMddHHmmss` of Việt Nam; None when empty."""
    found = text(record, field)
    if found is None:
        return None
    if _TIME.fullmatch(found):
        try:
            return datetime.strptime(found, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
        except ValueError as error:
            raise _no_time(field, found) from error
    raise _no_time(field, found)


def whole_number(record: Record, field: str) -> int:
    """A number of at most 12 digits."""
    found = need_text(record, field)
    if not _NUMBER.fullmatch(found):
        raise invalid(field, "type", "must be a whole number as text", "phải là số nguyên dạng chuỗi", found)
    return int(found)


def choice(record: Record, field: str, choices: Mapping[str, Any], empty: Any = None) -> Any:
    """What a code stands for; `empty` when there is none, if that is allowed."""
    found = text(record, field) if empty is not None else need_text(record, field)
    if found is None:
        return empty
    if found not in choices:
        known = ", ".join(choices)
        raise invalid(field, "enum", f"must be one of {known}", f"phải là một trong {known}", found)
    return choices[found]


def items(record: Record, field: str) -> list[Record] | None:
    """A list of objects; None when missing. Raises RecordInvalid for anything else."""
    value = record.get(field)
    if value is None or value == "":
        return None
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise invalid(field, "type", "must be a list of objects", "phải là danh sách đối tượng")
    return value


def _no_time(field: str, found: str) -> RecordInvalid:
    said, said_vi = "must be a time yyyyMMddHHmmss such as 20210623080000", "phải là thời điểm dạng yyyyMMddHHmmss"
    return invalid(field, "type", said, said_vi, found)
