"""Values of a sync record: all of them text, `""` for what is not there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from producers.translated import Untranslated
from schemas.fitting import Reason
from schemas.rules import HIDDEN, Violation, kind_of, show

VIETNAM = timezone(timedelta(hours=7))
Record = Mapping[str, Any]
T = TypeVar("T")
_TIME = re.compile(r"\d{14}", re.ASCII)
_DAY = re.compile(r"\d{8}", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)


class RecordInvalid(Untranslated):
    """The sync record cannot be taken: mend the field that is named and send the record again."""


NO_HINT = Reason("", "")


def invalid(
    field: str, rule: str, said: str, said_vi: str, value: str | None = None, hint: Reason = NO_HINT
) -> RecordInvalid:
    """An error about one field; `value` is shown, so give none that may be about a person. `hint` is said last."""
    shown = HIDDEN if value is None else show(value)
    end, end_vi = ("", "") if value is None else (f", is {shown}", f", đang là {shown}")
    told = f"{field} {said}{end}{hint.en}", f"{field} {said_vi}{end_vi}{hint.vi}"
    return RecordInvalid([Violation(field, rule, shown, *told)])


class Faults:
    """Gathers the faults of a record, so that all of them are told at once."""

    def __init__(self, found: list[Violation]) -> None:
        self._found = found

    def reading(self, read: Callable[..., T], *given: Any) -> T | None:
        """What `read` gives; None where it raises RecordInvalid, whose faults are kept."""
        try:
            return read(*given)
        except RecordInvalid as error:
            self._found += error.violations
            return None

    @property
    def found(self) -> list[Violation]:
        """Each once, in the order of reading."""
        return list(dict.fromkeys(self._found))


def text(record: Record, field: str, at: str = "") -> str | None:
    """The text without spaces around it; None when missing or empty. Raises RecordInvalid for what is no text.

    `at` is the path of a record that stands in a list, with a dot at its end.
    """
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        kind = kind_of(value)
        said, said_vi = f'must be text in quotes such as "2", is {kind.en}', f'phải là chuỗi như "2", đang là {kind.vi}'
        raise invalid(at + field, "type", said, said_vi)
    return value.strip() or None


def need_text(record: Record, field: str, at: str = "", hint: Reason = NO_HINT) -> str:
    """As `text`, but it must be there; `hint` goes on after "is missing or empty"."""
    found = text(record, field, at)
    if found is None:
        told = f"is missing or empty{hint.en}", f"bị thiếu hoặc để trống{hint.vi}"
        raise invalid(at + field, "required", *told)
    return found


def moment(record: Record, field: str) -> datetime | None:
    """A time `yyyyMMddHHmmss` of Việt Nam; None when empty."""
    found = text(record, field)
    if found is None:
        return None
    try:
        if _TIME.fullmatch(found):
            return datetime.strptime(found, "%Y%m%d%H%M%S").replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise _no_time(field, found) from error
    raise _no_time(field, found)


def whole_number(record: Record, field: str, at: str = "") -> int:
    """A number of at most 12 digits."""
    found = need_text(record, field, at)
    if not _NUMBER.fullmatch(found):
        raise invalid(at + field, "type", "must be a whole number as text", "phải là số nguyên dạng chuỗi", found)
    return int(found)


def choice(record: Record, field: str, choices: Mapping[str, Any], empty: Any = None, hint: Reason = NO_HINT) -> Any:
    """What a code stands for; `empty` when there is none, if that is allowed. `hint` goes on after a refusal."""
    found = text(record, field) if empty is not None else need_text(record, field)
    if found is None:
        return empty
    if found not in choices:
        known = ", ".join(choices)
        said, said_vi = f"must be one of {known}", f"phải là một trong {known}"
        raise invalid(field, "enum", said, said_vi, found, hint)
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
    if _TIME.fullmatch(found):
        why = Reason("names a day or an hour that does not exist", "nêu ngày hoặc giờ không có thật")
    elif _DAY.fullmatch(found):
        why = Reason("has no hour, minute and second", "thiếu giờ, phút, giây")
    else:
        why = Reason("is no time of 14 digits", "không phải thời điểm gồm 14 chữ số")
    said = f"{why.en}: write yyyyMMddHHmmss such as 20210623080000"
    return invalid(field, "type", said, f"{why.vi}: hãy ghi yyyyMMddHHmmss, ví dụ 20210623080000", found)
