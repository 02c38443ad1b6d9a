"""The sections of a mart's file: what a build of all there is leaves out, and what one of the changes does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SECTION = re.compile(r"^-- (changed|days|fill):(.*)$", re.MULTILINE)
_MARKED = re.compile(r"^.*-- changed only$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """`told` is what stands behind the name of the section, `sql` what follows it."""

    told: str
    sql: str


def sections_of(sql: str) -> tuple[str, Mapping[str, Section]]:
    """What stands before the first section, and the sections by name."""
    before, *parts = _SECTION.split(sql)
    names, told, texts = parts[::3], parts[1::3], parts[2::3]
    return before, {name: Section(of.strip(), text) for name, of, text in zip(names, told, texts, strict=True)}


def without_marked(sql: str) -> str:
    """The statement without its lines that end in `-- changed only`."""
    return _MARKED.sub("", sql)
