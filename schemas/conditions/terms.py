"""Parts of a condition as functions of a record: true, false or, of a null, neither."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

Record = Mapping[str, Any]
Term = Callable[[Record], Any]

_REMEMBERED = 10_000


@dataclass(frozen=True)
class Constant:
    """The same for every record."""

    value: Any

    def __call__(self, _record: Record) -> Any:
        """The value."""
        return self.value


def applied(function: Callable[..., Any], *given: Term) -> Term:
    """The function of these; of a null, null."""
    first, *others = given
    constants = [each.value for each in others if isinstance(each, Constant) and each.value is not None]
    if len(constants) == len(others):
        return _applied_to_one(function, first, constants)
    if len(others) == 1:
        return _applied_to_two(function, first, others[0])

    def value(record: Record) -> Any:
        values = [each(record) for each in given]
        return None if any(value is None for value in values) else function(*values)

    return value


def _applied_to_one(function: Callable[..., Any], given: Term, constants: Sequence[Any]) -> Term:
    """The most frequent case: a column, and constants after it."""
    if len(constants) == 1:
        (only,) = constants

        def with_one(record: Record) -> Any:
            first = given(record)
            return None if first is None else function(first, only)

        return with_one

    def with_all(record: Record) -> Any:
        first = given(record)
        return None if first is None else function(first, *constants)

    return with_all


def _applied_to_two(function: Callable[..., Any], left: Term, right: Term) -> Term:
    """A frequent case, in half the time."""

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


@dataclass(frozen=True)
class Both:
    """AND; the right one is not asked when the left one is false."""

    left: Term
    right: Term

    def __call__(self, record: Record) -> bool | None:
        """True, false or neither."""
        first = self.left(record)
        if first is False:
            return False
        second = self.right(record)
        return False if second is False else None if first is None or second is None else True


def certain(term: Term) -> Callable[[Record], bool]:
    """Whether the term is true, no matter whether it is false or null otherwise: of an AND, less is asked then."""
    if isinstance(term, Both):
        left, right = certain(term.left), certain(term.right)
        return lambda record: left(record) and right(record)
    return lambda record: term(record) is True


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
