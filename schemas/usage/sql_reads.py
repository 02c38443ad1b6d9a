"""Which tables a statement reads, and where it reads a column of one of them.

This is a careful search, not a resolver of names: it may name a line too many, where two tables of one query have a
column of the same name and the query does not say which is meant, and never one too few.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.usage.sql_words import Statement, Word

_NO_ALIAS = (
    *(
        "where",
        "join",
        "left",
        "right",
        "inner",
        "full",
        "cross",
        "natural",
        "lateral",
        "on",
        "using",
        "group",
        "having",
    ),
    *("window", "order", "limit", "offset", "union", "intersect", "except", "returning", "set"),
)


def tables_read(statement: Statement) -> set[str]:
    """Tables and named queries behind FROM and JOIN, with their schema where one is given: `core.x`, `step`."""
    return {name for name, _, _ in _mentions(statement)}


def columns_read(statement: Statement, table: str) -> Iterator[tuple[str, int, bool]]:
    """Names that may be columns of the table (`core.x`), their lines, and whether the statement says they are its own.

    Within the query that names the table, and beyond it when that query takes all columns (`*`).
    """
    aliases = {alias: name for name, alias, _ in _mentions(statement)}
    scopes = [_scope(statement, place) for name, _, place in _mentions(statement) if name == table]
    for place, word in enumerate(statement):
        if not any(word.depth[: len(scope)] == scope for scope in scopes) or not _is_column(statement, place):
            continue
        qualifier = _qualifier(statement, place)
        owner = aliases.get(qualifier) if qualifier else None
        if owner == table or qualifier is None or owner is None or "." not in owner:
            yield word.text, word.line, owner == table


def _mentions(statement: Statement) -> Iterator[tuple[str, str, int]]:
    """Name, alias and place of each table behind FROM or JOIN; a comma between tables counts as well."""
    listing: tuple[int, ...] | None = None
    for place, word in enumerate(statement):
        if word.text in ("from", "join"):
            listing = word.depth
        elif word.text in _NO_ALIAS and word.depth == listing:
            listing = None
        begins = _text(statement, place - 1) in ("from", "join") or (
            _text(statement, place - 1) == "," and word.depth == listing
        )
        if begins and word.is_name:
            yield _mention(statement, place)


def _mention(statement: Statement, place: int) -> tuple[str, str, int]:
    name, last = statement[place].text, place
    if _text(statement, place + 1) == ".":
        name, last = f"{name}.{_text(statement, place + 2)}", place + 2
    following = last + (2 if _text(statement, last + 1) == "as" else 1)
    alias = statement[following] if following < len(statement) else None
    if alias is not None and alias.is_name and alias.text not in _NO_ALIAS:
        return name, alias.text, place
    return name, name.rpartition(".")[2], place


def _scope(statement: Statement, place: int) -> tuple[int, ...]:
    """The parentheses of the query around `place`; none when it hands all of its columns on."""
    depth = statement[place].depth
    everything = any(
        word.text == "*" and word.depth == depth and _text(statement, at + 1) in ("from", ",")
        for at, word in enumerate(statement)
    )
    return () if everything else depth


def _is_column(statement: Statement, place: int) -> bool:
    """Not an alias being given, a function, a qualifier, or one of the columns that INSERT INTO names."""
    before, after = _text(statement, place - 1), _text(statement, place + 1)
    return (
        statement[place].is_name
        and before not in ("as", "::")
        and after not in (".", "(")
        and not _is_target(statement, place)
    )


def _is_target(statement: Statement, place: int) -> bool:
    if "insert" not in {word.text for word in statement}:
        return False
    into = next((at for at, word in enumerate(statement) if word.text == "into"), len(statement))
    opening = into + (4 if _text(statement, into + 2) == "." else 2)
    if _text(statement, opening) != "(":
        return False
    inside = statement[opening + 1].depth
    return statement[place].depth[: len(inside)] == inside


def _qualifier(statement: Statement, place: int) -> str | None:
    return _text(statement, place - 2) if _text(statement, place - 1) == "." else None


def _text(statement: Statement, place: int) -> str:
    word = statement[place] if 0 <= place < len(statement) else Word("", 0, ())
    return "" if word.string else word.text
