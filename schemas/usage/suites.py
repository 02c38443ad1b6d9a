"""The expectations written by hand, seen by the columns they name; derived ones follow the contract by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.json_places import Place, places_in
from schemas.usage.sql_words import statements_of

HAND = "hand"
_SQL = ("condition", "unexpected_rows_query")


@dataclass(frozen=True)
class HandRule:
    """One expectation of `expectations/<event>.json`; `line` is where it begins.

    `named` are the columns it asks for outright and `words` those its SQL may read, each with its line.
    """

    path: Path
    rule: str
    severity: str
    reason_en: str
    reason_vi: str
    line: int
    named: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, int], ...]

    def lines_reading(self, column: str, of_list: str = "") -> list[int]:
        """Lines where it reads the column; `of_list` is the list whose records have it."""
        found = [line for name, line in self.words if name == column]
        if of_list:
            return sorted(set(found)) if of_list in {name for name, _ in self.words} else []
        return sorted({*found, *(line for name, line in self.named if name == column)})


def hand_rules(folder: Path | None, event: str) -> tuple[HandRule, ...]:
    """The rules written by hand for the event, in the file's order; none when it has no file."""
    path = folder / f"{event}.json" if folder else None
    if path is None or not path.is_file():
        return ()
    listed = places_in(path.read_text(encoding="utf-8")).get("expectations")
    return tuple(
        _rule(path, each) for each in (listed.value if listed else ()) if _text(each, "meta", "origin") == HAND
    )


def _rule(path: Path, place: Place) -> HandRule:
    kwargs = place.get("kwargs") or Place(place.line, {})
    return HandRule(
        path,
        rule=_text(place, "meta", "rule"),
        severity=_text(place, "severity"),
        reason_en=_text(place, "meta", "reason_en"),
        reason_vi=_text(place, "meta", "reason_vi"),
        line=place.line,
        named=tuple(_named(kwargs)),
        words=tuple(_words(kwargs)),
    )


def _named(kwargs: Place) -> Iterator[tuple[str, int]]:
    for name, place in kwargs.value.items():
        if name.startswith("column"):
            members = place.value if isinstance(place.value, list) else [place]
            yield from ((member.value, member.line) for member in members)


def _words(kwargs: Place) -> Iterator[tuple[str, int]]:
    for name in _SQL:
        place = kwargs.get(name)
        for statement in statements_of(place.value) if place else ():
            yield from ((word.text, place.line) for word in statement if word.is_name and place)


def _text(place: Place, *path: str) -> str:
    found = place.get(*path)
    return str(found.value) if found else ""
