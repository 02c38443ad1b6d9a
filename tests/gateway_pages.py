"""The gateway's own pages as their readers use them: links to follow, lines to copy."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

_BLOCK = re.compile(r'<pre class="(\w+)">(.*?)</pre>', re.DOTALL)
_LINK = re.compile(r'<a href="([^"]*)"')


@dataclass(frozen=True)
class Granted:
    """What a line of `hagiang access grant` asks for."""

    kind: str
    events: Sequence[str]
    sources: Sequence[str]


def blocks(page: str, kind: str) -> list[str]:
    """Texts to copy: `before` the first time, `shell` lines, and whole bodies of an `answer`."""
    return [unescape(text) for found, text in _BLOCK.findall(page) if found == kind]


def links(page: str) -> list[str]:
    """Where the page leads to, without the place inside it."""
    return sorted({unescape(target).partition("#")[0] for target in _LINK.findall(page)} - {""})


def granted(line: str) -> Granted:
    """The line as the command reads it."""
    words = shlex.split(line.replace("\\\n", " "))
    assert words[:3] == ["hagiang", "access", "grant"], line
    told = list(zip(words[4::2], words[5::2], strict=True))
    of = {option: [value for name, value in told if name == option] for option in ("--kind", "--event", "--source")}
    (kind,) = of["--kind"]
    return Granted(kind, of["--event"], of["--source"])
