"""The words of SQL text, each with its line and where it stands; comments and string values are set apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from sqlparse import lexer
from sqlparse import tokens as kinds


@dataclass(frozen=True)
class Word:
    """A word, sign or string value of a statement.

    `depth` holds the numbers of the parentheses it stands in, the outermost first. `text` is in lower case, save for
    string values and quoted names, which stand without their quotes.
    """

    text: str
    line: int
    depth: tuple[int, ...]
    string: bool = False

    @property
    def is_name(self) -> bool:
        """Whether it can name a column or table."""
        return not self.string and (self.text[:1].isalpha() or self.text[:1] == "_")


Statement = Sequence[Word]


# The same files are asked about every contract, and taking one apart costs 10 ms.
@cache
def statements_of(sql: str) -> Sequence[Statement]:
    """The statements of the text, without the semicolons."""
    found: list[list[Word]] = [[]]
    for word in _words(sql):
        if word.text == ";" and not word.string:
            found.append([])
        else:
            found[-1].append(word)
    return [statement for statement in found if statement]


def _words(sql: str) -> Iterator[Word]:
    line, depth, opened = 1, (), 0  # type: int, tuple[int, ...], int
    for kind, text in lexer.tokenize(sql):  # type: ignore[no-untyped-call]
        if text == ")":
            depth = depth[:-1]
        if kind not in kinds.Comment and kind not in kinds.Whitespace:
            yield from _parts(kind, text, line, depth)
        if text == "(":
            opened += 1
            depth = (*depth, opened)
        line += text.count("\n")


def _parts(kind: object, text: str, line: int, depth: tuple[int, ...]) -> Iterator[Word]:
    """The lexer takes some pairs of words, such as GROUP BY or DOUBLE PRECISION, as one."""
    if kind in kinds.String.Symbol:
        yield Word(text[1:-1], line, depth)
    elif kind in kinds.String or (kind in kinds.Literal and text.startswith("$")):
        yield Word(text[1:-1].replace("''", "'"), line, depth, string=True)
    else:
        for part in text.lower().split():
            yield Word(part, line, depth)
