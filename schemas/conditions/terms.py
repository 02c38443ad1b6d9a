"""Parts of a condition as functions of a record: true, false or, of a null, neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

Record = Mapping[str, Any]
Term = Callable[[Record], Any]

_REMEMBERED = 10_000


def constant(value: Any) -> Term:
    """The same for every record."""
    return lambda _: value


def applied(function: Callable[..., Any], *given: Term) -> Term:
    """The function of these; of a null, null."""
    if len(given) == 2:
        return _applied_to_two(function, *given)

    def value(record: Record) -> Any:
        values = [each(record) for each in given]
        return None if any(value is None for value in values) else function(*values)

    return value


def _applied_to_two(function: Callable[..., Any], left: Term, right: Term) -> Term:
    """The usual case, in half the time."""

    def value(record: Record) -> Any:
        first = left(record)
        if first is None:
            return None
        second = right(record)
        return None if second is None else function(first, second)

    return value


def negated(term: Term) -> Term:
    """NOT."""

    def value(record: Record) -> bool | None:
        found = term(record)
        return None if found is None else not found

    return value


def both(left: Term, right: Term) -> Term:
    """AND; the right one is not asked when the left one is false."""

    def value(record: Record) -> bool | None:
        first = left(record)
        if first is False:
            return False
        second = right(record)
        return False if second is False else None if first is None or second is None else True

    return value


def either(left: Term, right: Term) -> Term:
    """OR; the right one is not asked when the left one is true."""

    def value(record: Record) -> bool | None:
        first = left(record)
        if first is True:
            return True
        second = right(record)
        return True if second is True else None if first is None or second is None else False

    return value


def remembered(term: Term, columns: Sequence[str]) -> Term:
    """The term, worked out once for each combination of these columns' values, which must be all that it asks for.

    For columns of few values: a list of the steps that are allowed between states is long, and always the same.
    """
    known: dict[Any, Any] = {}
    picked = itemgetter(*columns)

    def value(record: Record) -> Any:
        key = picked(record)
        if key not in known:
            if len(known) >= _REMEMBERED:
                known.clear()
            known[key] = term(record)
        return known[key]

    return value
