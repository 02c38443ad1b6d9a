"""The rules of a contract's field as checks on the producer's side.

`ref` is not among them: the reference lists live in the warehouse, and a code that a list does not have yet is no
reason to refuse the event at its source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.contract import Field
from schemas.fitting import Reason

RULE_NAMES = ("type", "required", "unknown_field", "enum", "min", "max", "pattern", "max_length")
HIDDEN = "***"
SHOWN_LENGTH = 80
_NESTED = (Mapping, list, tuple, set)


@dataclass(frozen=True)
class Violation:
    """What is wrong with one value of an event.

    `field` is its path (`lines[2].quantity`, counted from 0), `rule` one of RULE_NAMES, a rule of the event's suite
    (schemas/record_rules.py) or a right (`source_not_granted`). `value` is the value's text,
    cut to 80 characters; of a field with personal data, and of one that the contract does not know, it is `***`.
    The messages hold no more than `value`.
    """

    field: str
    rule: str
    value: str
    message: str
    message_vi: str


@dataclass(frozen=True)
class Check:
    """One rule of a field; `breaks` is asked with values that fit the field's type."""

    rule: str
    breaks: Callable[[Any], bool]
    reason: Reason


def checks_of(field: Field) -> Iterator[Check]:
    """The field's rules, those that a value can be held to by itself."""
    rules = field.rules
    if rules.min is not None:
        yield _minimum(rules.min)
    if rules.max is not None:
        yield _maximum(rules.max)
    if rules.max_length is not None:
        yield _max_length(rules.max_length)
    if rules.pattern is not None:
        yield _pattern(rules.pattern)


def _minimum(limit: float) -> Check:
    return Check("min", lambda value: value < limit, Reason(f"must be at least {limit}", f"phải từ {limit} trở lên"))


def _maximum(limit: float) -> Check:
    return Check("max", lambda value: value > limit, Reason(f"must be at most {limit}", f"phải không quá {limit}"))


def _max_length(limit: int) -> Check:
    reason = Reason(f"must have at most {limit} characters", f"phải có không quá {limit} ký tự")
    return Check("max_length", lambda value: len(value) > limit, reason)


def compiled(pattern: str) -> re.Pattern[str]:
    """For `fullmatch`, as PostgreSQL takes it: `.` is any character, a digit is 0-9, `$` stays before no newline."""
    return re.compile(pattern, re.ASCII | re.DOTALL)


def _pattern(pattern: str) -> Check:
    match = compiled(pattern).fullmatch
    reason = Reason(f"must match {pattern}", f"phải theo mẫu {pattern}")
    return Check("pattern", lambda value: match(value) is None, reason)


def violation(field: Field, at: str, rule: str, value: Any, reason: Reason) -> Violation:
    """A violation of `field` at the path `at`, with the value shown unless it is personal data."""
    hidden = field.personal_data != "none"
    shown, shown_vi = (HIDDEN, HIDDEN) if hidden else (show(value), show_vi(value))
    return Violation(
        field=at,
        rule=rule,
        value=shown,
        message=f"{at} {reason.en}, is {shown}",
        message_vi=f"{at} {reason.vi}, đang là {shown_vi}",
    )


def kind_of(value: Any) -> Reason:
    """What a value is, in words for people who write JSON."""
    if isinstance(value, Mapping):
        return Reason("an object", "đối tượng")
    if isinstance(value, list | tuple | set):
        return Reason("a list", "danh sách")
    if isinstance(value, str):
        return Reason("text", "chuỗi ký tự")
    if value is None:
        return Reason("null", "null")
    if isinstance(value, bool):
        return Reason("true or false", "true hoặc false")
    if isinstance(value, int | float | Decimal):
        return Reason("a number", "số")
    return Reason("a value of another kind", "giá trị kiểu khác")


def show_vi(value: Any) -> str:
    """As `show`, for a message in Vietnamese."""
    return kind_of(value).vi if isinstance(value, _NESTED) else show(value)


def show(value: Any) -> str:
    """The value for a message; of anything nested only its type, since it may hold what no field's class covers."""
    if isinstance(value, _NESTED):
        return kind_of(value).en
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str | bytes) else str(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"
