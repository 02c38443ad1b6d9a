"""Functions of PostgreSQL that conditions use, over values that are not null, but for those in OF_NULLS."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from schemas.conditions.tokens import NotUnderstood

Value = Any
_DAYS_KEPT = 4096
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_UNITS = {"day": timedelta(days=1), "days": timedelta(days=1), "hours": timedelta(hours=1)}
_DAY_TEXTS = {"YYYY/MM/DD": "%Y/%m/%d", "YYMMDD": "%y%m%d"}


COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
JOINED: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "||": lambda left, right: f"{left}{right}",
    "~": lambda text, pattern: matches("~", pattern)(text),
    "!~": lambda text, pattern: matches("!~", pattern)(text),
}
MATCHED = ("~", "!~")


def compared(sign: str) -> Callable[[Any, Any], Any]:
    """A comparison; of values that PostgreSQL would convert first, NotUnderstood is raised, not a guess made."""
    compare = COMPARED[sign]

    def result(left: Value, right: Value) -> bool:
        if left.__class__ is not right.__class__ and not _alike(left, right):
            raise NotUnderstood(f"{type(left).__name__} {sign} {type(right).__name__}")
        return compare(left, right)

    return result


def among(values: Sequence[Value]) -> Callable[[Any], bool]:
    """Whether a value is one of these, which are of one type and not null; NotUnderstood as in `compared`."""
    known, kind = frozenset(values), values[0].__class__

    def result(value: Value) -> bool:
        if value.__class__ is not kind and not _alike(value, values[0]):
            raise NotUnderstood(f"{type(value).__name__} in a list of {kind.__name__}")
        return value in known

    return result


def matches(sign: str, pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found in a text (`~`), or is not (`!~`)."""
    search, wanted = re.compile(pattern, re.ASCII).search, sign == "~"
    return lambda text: (search(text) is not None) == wanted


def _alike(left: Value, right: Value) -> bool:
    kinds = {left.__class__, right.__class__}
    return kinds <= {int, float, Decimal}


def interval(text: str) -> timedelta:
    """As `1 day`, `-17 hours`; raises NotUnderstood."""
    number, _, unit = text.partition(" ")
    if unit not in _UNITS:
        raise NotUnderstood(f"interval {text}")
    return int(number) * _UNITS[unit]


def day(text: str) -> date:
    """A literal day."""
    return date.fromisoformat(text)


def at_time_zone(at: datetime, zone: str | timedelta) -> datetime:
    """The local time there, without a zone."""
    if isinstance(zone, timedelta):
        return (at if at.tzinfo is UTC else at.astimezone(UTC)).replace(tzinfo=None) + zone
    if zone != str(_VIETNAM):
        raise NotUnderstood(f"time zone {zone}")
    local: tzinfo = _VIETNAM
    return at.astimezone(local).replace(tzinfo=None)


def to_date(value: Value) -> date:
    """A local time's day."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()
    raise NotUnderstood("a day of what is no local time")


def to_text(value: Value) -> str:
    """A text or a whole number as text."""
    if isinstance(value, str) or type(value) is int:
        return str(value)
    raise NotUnderstood(f"{type(value).__name__} as text")


def _split_part(text: str, at: str, number: int) -> str:
    parts = text.split(at)
    return parts[number - 1] if number <= len(parts) else ""


def _substr(text: str, start: int, length: int | None = None) -> str:
    return text[start - 1 :] if length is None else text[start - 1 : start - 1 + length]


def _to_char(value: date, form: str) -> str:
    if form not in _DAY_TEXTS:
        raise NotUnderstood(f"to_char {form}")
    return _day_text(value.toordinal(), _DAY_TEXTS[form])


@lru_cache(_DAYS_KEPT)
def _day_text(day_number: int, form: str) -> str:
    """Most events are of few days."""
    return date.fromordinal(day_number).strftime(form)


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "split_part": _split_part,
    "substr": _substr,
    "char_length": len,
    "left": lambda text, count: text[:count],
    "right": lambda text, count: text[-count:],
    "abs": abs,
    "to_char": _to_char,
    "regexp_replace": lambda text, pattern, by: re.sub(pattern, by, text, count=1, flags=re.ASCII),
}
OF_NULLS: Mapping[str, Callable[..., Value]] = {
    "coalesce": lambda *given: next((each for each in given if each is not None), None),
    "greatest": lambda *given: max((each for each in given if each is not None), default=None),
    "num_nonnulls": lambda *given: sum(each is not None for each in given),
}


def weighted_sum(text: str, weights: tuple[int, ...]) -> int:
    """The sum of the first digits, each by its weight."""
    return sum(weight * int(digit) for weight, digit in zip(weights, text, strict=False))


GTIN_WEIGHTS = (1, 3) * 6 + (1,)
TAX_CODE_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# Sums over a text's digits, which SQL writes as a query of its own: its words, without blanks, and what it gives.
QUERIES: Mapping[str, tuple[str, Callable[[str], int]]] = {
    "select mod(sum(substr(gtin,i,1)::int*case when mod(i,2)=0 then 3 else 1 end),10) "
    "from generate_series(1,13) as i": (
        "gtin",
        lambda text: weighted_sum(text, GTIN_WEIGHTS) % 10,
    ),
    "select mod(sum(w*substr(tax_code,i::int,1)::int),11) from unnest(array[31,29,23,19,17,13,7,5,3]) "
    "with ordinality as digit(w,i)": ("tax_code", lambda text: weighted_sum(text, TAX_CODE_WEIGHTS) % 11),
}
