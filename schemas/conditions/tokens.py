"""The words of a condition in SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "name", "sign", "end"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z_][a-z0-9_]*|"[^"]+")
    |(?P<sign><>|<=|>=|\|\||::|!~|[-+*<>=(),~\[\]]))""",
    re.VERBOSE | re.IGNORECASE,
)


class NotUnderstood(ValueError):
    """The condition says something that is worked out in the warehouse alone."""


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is a literal's content, a number's digits, a sign, or a name in lower case unless it was quoted."""

    kind: Kind
    text: str


END = Token("end", "")


def tokens_of(condition: str) -> list[Token]:
    """Raises NotUnderstood."""
    found: list[Token] = []
    at, condition = 0, condition.rstrip()
    while at < len(condition):
        match = _TOKEN.match(condition, at)
        if match is None:
            raise NotUnderstood(f"{condition[at : at + 20]!r}")
        found.append(_token(match))
        at = match.end()
    return found


def _token(match: re.Match[str]) -> Token:
    if text := match["text"]:
        return Token("text", text[1:-1].replace("''", "'"))
    if number := match["number"]:
        return Token("number", number)
    if name := match["name"]:
        return Token("name", name[1:-1] if name.startswith('"') else name.lower())
    return Token("sign", match["sign"])
