"""JSON with the line of every value, so that what is to mend can be named by file and line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]|[^\s{}\[\]:,"]+')


@dataclass(frozen=True)
class Place:
    """A value and the line it begins on; the members of an object or list are places as well."""

    line: int
    value: Any

    def get(self, *path: str | int) -> Place | None:
        """The place at the end of these attributes and positions; None when there is none."""
        place = self
        for step in path:
            try:
                place = place.value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return place


def places_in(text: str) -> Place:
    """The whole document; raises json.JSONDecodeError, which has a `lineno`."""
    json.loads(text)
    tokens = _tokens(text)
    return _place(*next(tokens), tokens)


def line_in_contract(text: str, where: str) -> int:
    """The line of a field (`status`, `lines.quantity`), else of the record's attribute of that name, else the first."""
    try:
        record = places_in(text)
    except json.JSONDecodeError as error:
        return error.lineno
    name = where.split(" ", 1)[0]
    place = _field(record, name) or record.get(name)
    return place.line if place else 1


def _field(record: Place, name: str) -> Place | None:
    first, _, rest = name.partition(".")
    fields = record.get("fields")
    for field in fields.value if fields and isinstance(fields.value, list) else ():
        named = field.get("name")
        if named is not None and named.value == first:
            items = field.get("type", "items") if rest else None
            return (items and _field(items, rest)) or named
    return None


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, done = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", done, found.start())
        done = found.start()
        yield found[0], line


def _place(part: str, line: int, tokens: Iterator[tuple[str, int]]) -> Place:
    if part == "{":
        return Place(line, dict(_members(tokens)))
    if part == "[":
        return Place(line, list(_items(tokens)))
    return Place(line, json.loads(part))


def _members(tokens: Iterator[tuple[str, int]]) -> Iterator[tuple[str, Place]]:
    for part, _ in tokens:
        if part == "}":
            return
        yield json.loads(part), _place(*next(tokens), tokens)


def _items(tokens: Iterator[tuple[str, int]]) -> Iterator[Place]:
    for part, line in tokens:
        if part == "]":
            return
        yield _place(part, line, tokens)
