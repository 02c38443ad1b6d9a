"""Patterns that mean the same in Python, where the producer checks them, and in PostgreSQL, where the load does."""

from __future__ import annotations

import re

MOST_REPEATS = 255  # PostgreSQL's limit

_ESCAPE = r"\\[d.\-+*?()\[\]{}|^$/\\]"
_SET = r"\[\^?(?:\\[d.\-\]\\^]|[^\[\]\\])+\]"
_REPEAT = r"(?:[*+?]|\{\d+(?:,\d*)?\})"
_ATOM = re.compile(rf"(?:{_ESCAPE}|{_SET}|[^\\\[\](){{}}*+?|^$])(?:{_REPEAT})?|\((?:\?:)?|\)(?:{_REPEAT})?|\|")
_COUNTS = re.compile(r"\{(\d+)(?:,(\d*))?\}")


def pattern_problem(pattern: str) -> str | None:
    """What is wrong with a rule's pattern; None when both engines read it alike.

    Allowed: literals, `.`, sets, groups, alternatives, greedy repeats and `\\d`. Left out is what differs or is missing
    in one of them: `\\w` and `\\s` (PostgreSQL's know all of Unicode), lazy and possessive repeats, looking around,
    named groups, `\\b`, flags, character classes.
    """
    if not (pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith(r"\$")):
        return "must begin with ^ and end with $, so that the whole value is meant"
    inner = pattern[1:-1]
    return _unknown_part(inner) or _alternatives_outside(inner) or _too_many(inner) or _compile_error(pattern)


def _unknown_part(inner: str) -> str | None:
    position = 0
    while position < len(inner):
        atom = _ATOM.match(inner, position)
        if atom is None:
            return f"has {inner[position : position + 3]!r} at {position + 1}, which PostgreSQL may read differently"
        position = atom.end()
    return None


def _alternatives_outside(inner: str) -> str | None:
    """`^a|b$` is `^a` or `b$`; the alternatives must stand in a group."""
    depth = 0
    for atom in _ATOM.findall(inner):
        depth += atom.startswith("(") - atom.startswith(")")
        if atom == "|" and depth == 0:
            return "has alternatives outside of a group: ^ and $ would belong to one of them only"
    return None


def _compile_error(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"does not compile: {error}"
    return None


def _too_many(pattern: str) -> str | None:
    counts = [int(count) for pair in _COUNTS.findall(pattern) for count in pair if count]
    return (
        f"repeats {max(counts)} times; PostgreSQL allows {MOST_REPEATS}"
        if max(counts, default=0) > MOST_REPEATS
        else None
    )
