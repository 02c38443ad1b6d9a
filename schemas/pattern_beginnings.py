"""Whether a text can be the beginning of what a contract's pattern means: `H22.` of `^[A-Z]\\d{2}(\\.\\d{1,3})?$`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from schemas.patterns import pattern_problem

_TOKEN = re.compile(r"(\((?:\?:)?|\)|\||\\.|\[\^?\\?.[^\]]*\]|[^\\\[\](){}*+?|])([*+?]|\{\d+(?:,\d*)?\})?", re.DOTALL)
_MOST = 300  # more repeats than any pattern has

Step = Callable[[str, frozenset[int]], frozenset[int]]
"""From the places that were reached in a text to those after one more part; `len(text) + 1` is beyond its end."""


def can_begin(pattern: str, beginning: str) -> bool:
    """Whether some text that matches the pattern begins so; true for a pattern that the linter would not take."""
    if pattern_problem(pattern):
        return True
    reached = _compiled(pattern)(beginning, frozenset({0}))
    return not reached.isdisjoint({len(beginning), len(beginning) + 1})


@lru_cache(maxsize=100)
def _compiled(pattern: str) -> Step:
    return _alternatives(_TOKEN.finditer(pattern[1:-1]))[0]


def _alternatives(tokens: Iterator[re.Match[str]]) -> tuple[Step, str]:
    """The part up to the bracket that closes it, and that bracket's repeat."""
    branches: list[list[Step]] = [[]]
    for token in tokens:
        text, repeat = token[1], token[2] or ""
        if text == ")":
            return _any_of(branches), repeat
        if text == "|":
            branches.append([])
        elif text.startswith("("):
            branches[-1].append(_repeated(*_alternatives(tokens)))
        else:
            branches[-1].append(_repeated(_one_character(text), repeat))
    return _any_of(branches), ""


def _any_of(branches: list[list[Step]]) -> Step:
    def step(text: str, places: frozenset[int]) -> frozenset[int]:
        ends: frozenset[int] = frozenset()
        for branch in branches:
            reached = places
            for part in branch:
                reached = part(text, reached)
            ends |= reached
        return ends

    return step


def _one_character(atom: str) -> Step:
    fits = re.compile(atom, re.ASCII | re.DOTALL).fullmatch

    def step(text: str, places: frozenset[int]) -> frozenset[int]:
        beyond = {len(text) + 1} if max(places, default=0) >= len(text) else set()
        return frozenset(beyond | {at + 1 for at in places if at < len(text) and fits(text[at])})

    return step


def _repeated(part: Step, repeat: str) -> Step:
    least, most = _counts(repeat)

    def step(text: str, places: frozenset[int]) -> frozenset[int]:
        ends, reached = (places if least == 0 else frozenset()), places
        for count in range(1, most + 1):
            reached = part(text, reached)
            if not reached or (count > least and reached <= ends):
                break
            ends |= reached if count >= least else frozenset()
        return ends

    return step


def _counts(repeat: str) -> tuple[int, int]:
    if repeat in ("", "?", "*", "+"):
        return {"": (1, 1), "?": (0, 1), "*": (0, _MOST), "+": (1, _MOST)}[repeat]
    least, comma, most = repeat[1:-1].partition(",")
    return int(least), int(most) if most else (_MOST if comma else int(least))
