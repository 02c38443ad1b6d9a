"""Names that are not known and so near to a known one that they are misspelt."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 80
# How many edits still make a name a misspelling of one of that many letters.
_ONE_EDIT, _TWO_EDITS = 4, 8


@lru_cache(4096)
def near_name(name: str, known: frozenset[str]) -> str | None:
    """The known name that was meant: equal but for case, marks and signs, or an edit or two away; None for others."""
    if name in known or len(name) > _LONGEST:
        return None
    bare = _bare(name)
    found = sorted((_distance(bare, _bare(each)), each) for each in known)
    return next((each for distance, each in found if distance <= _edits_of(each)), None)


def _edits_of(name: str) -> int:
    return (len(name) >= _ONE_EDIT) + (len(name) >= _TWO_EDITS)


def _bare(name: str) -> str:
    apart = unicodedata.normalize("NFD", name.casefold()).replace("đ", "d")
    return "".join(sign for sign in apart if sign.isalnum())


def _distance(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour; 3 stands for any that are farther apart."""
    if abs(len(one) - len(other)) >= 3:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        earlier, before, row = before, row, [number]
        for at, each in enumerate(other, 1):
            steps = [before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != each)]
            if number > 1 and at > 1 and (letter, one[number - 2]) == (other[at - 2], each):
                steps.append(earlier[at - 2] + 1)
            row.append(min(steps))
    return min(3, row[-1])


def misspelt(names: Iterable[str], known: frozenset[str]) -> Iterable[tuple[str, str]]:
    """The misspelt among the names, each with the known name that was meant."""
    for name in names:
        if name not in known and (meant := near_name(name, known)):
            yield name, meant
