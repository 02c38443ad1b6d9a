"""What the linter reports."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing to mend: `where` is a field or attribute inside the file, empty for the file itself.

    `line` counts from 1; 0 stands for a file or folder without lines to point at.
    """

    file: Path
    where: str
    what: str
    mend: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        at = f"{place}: {self.where}" if self.where else place
        return f"{at}: {self.what}. {self.mend}."


def nearest(name: str, known: Collection[str]) -> str:
    """How to mend an unknown name: the one that is probably meant, else all there are."""
    near = get_close_matches(name, known, n=1)
    return f"Did you mean {near[0]}" if near else f"Known are {', '.join(known)}"


@dataclass(frozen=True)
class Remark:
    """Something to mend inside a contract, before it is known in which file."""

    where: str
    what: str
    mend: str


def unknown_attributes(where: str, found: Mapping[str, Any], known: Collection[str]) -> Iterator[Remark]:
    """An attribute that nobody reads is most often a misspelt one, and then what it asks for is off."""
    for attribute in found:
        if attribute not in known:
            yield Remark(where, f"the attribute {attribute} is unknown", nearest(attribute, known))
