"""The marts' SQL files, seen by what they read: columns of core tables, other marts, and the figures of `mart.kpi`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.usage.sql_reads import columns_read, tables_read
from schemas.usage.sql_words import Statement, statements_of

KPI = "mart.kpi"
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_SET_OPERATIONS = ("union", "intersect", "except")


@dataclass(frozen=True)
class Figure:
    """One row of `mart.kpi`: its key and names, where it is written, and the tables that it is made from."""

    key: str
    name_en: str
    name_vi: str
    line: int
    tables: frozenset[str]


@dataclass(frozen=True)
class Mart:
    """One file `<name>.sql`, which builds `mart.<name>`; `tables` are the ones it reads, with their schemas.

    `comments` are those of its columns by name, in the file's order, and of the table itself under the empty name.
    """

    name: str
    path: Path
    statements: Sequence[Statement]
    tables: frozenset[str]
    figures: tuple[Figure, ...]
    comments: tuple[tuple[str, str], ...]

    @property
    def table(self) -> str:
        """The table it builds."""
        return f"mart.{self.name}"

    def lines_reading(self, table: str, column: str) -> list[int]:
        """Lines where it reads the column of the table (`core.x`), each once."""
        found = (each for statement in self.statements for each in columns_read(statement, table))
        return sorted({line for name, line, _ in found if name == column})

    def line_naming(self, table: str) -> int:
        """The first line that names the table, such as `core.x`; 1 when none does."""
        name = table.rpartition(".")[2]
        lines = (word.line for statement in self.statements for word in statement if word.text == name)
        return min(lines, default=1)

    def own_columns(self, table: str) -> Iterator[tuple[str, int]]:
        """Columns, with their lines, that the SQL says outright to be the table's (`step.status`)."""
        for statement in self.statements:
            yield from ((name, line) for name, line, certain in columns_read(statement, table) if certain)


def load_marts(folder: Path | None) -> tuple[Mart, ...]:
    """Every mart of the folder, in the order of their names; none when there is no folder."""
    if folder is None:
        return ()
    return tuple(_mart(path) for path in sorted(folder.glob("*.sql")))


def made_from(marts: Sequence[Mart], tables: set[str]) -> list[Mart]:
    """The marts that read one of the tables, also through other marts."""
    reached, found = set(tables), list[Mart]()
    while more := [mart for mart in marts if mart not in found and mart.tables & reached]:
        found += more
        reached |= {mart.table for mart in more}
    return found


def figures_from(marts: Sequence[Mart], tables: set[str]) -> list[tuple[Mart, Figure]]:
    """The figures that are made from one of the tables or from a mart that reads one."""
    reached = tables | {mart.table for mart in made_from(marts, tables)}
    return [(mart, figure) for mart in marts for figure in mart.figures if figure.tables & reached]


def _mart(path: Path) -> Mart:
    statements = statements_of(path.read_text(encoding="utf-8"))
    own = f"mart.{path.stem}"
    tables = {name for statement in statements for name in tables_read(statement) if "." in name} - {own}
    figures = tuple(each for statement in statements if own == KPI for each in _figures(statement))
    return Mart(path.stem, path, statements, frozenset(tables), figures, tuple(_comments(statements)))


def _comments(statements: Sequence[Statement]) -> Iterator[tuple[str, str]]:
    for statement in statements:
        first, last = [word.text for word in statement[:3]], statement[-1]
        if first[:2] == ["comment", "on"] and last.string:
            yield (statement[-3].text if first[2] == "column" else "", last.text)


def _figures(statement: Statement) -> Iterator[Figure]:
    """Each SELECT that begins with a key and two names as string values."""
    queries = _named_queries(statement)
    for place, word in enumerate(statement):
        names = [each.text for each in statement[place + 1 : place + 6 : 2] if each.string]
        if word.text == "select" and len(names) == 3 and _KEY.fullmatch(names[0]):
            tables = _resolved(tables_read(_rest_of_query(statement, place)), queries)
            yield Figure(names[0], names[1], names[2], statement[place + 1].line, frozenset(tables))


def _rest_of_query(statement: Statement, place: int) -> Statement:
    depth = statement[place].depth
    for end in range(place, len(statement)):
        word = statement[end]
        if word.depth[: len(depth)] != depth or (word.depth == depth and word.text in _SET_OPERATIONS):
            return statement[place:end]
    return statement[place:]


def _named_queries(statement: Statement) -> dict[str, set[str]]:
    """What each query of WITH reads."""
    found: dict[str, set[str]] = {}
    name = ""
    for place, word in enumerate(statement):
        if word.text in ("with", ",") and not word.depth and place + 1 < len(statement):
            name = statement[place + 1].text
        if word.text == "(" and not word.depth and statement[place - 1].text == "as":
            inside = statement[place + 1].depth
            body = [each for each in statement if each.depth[: len(inside)] == inside]
            found[name] = tables_read(body)
    return found


def _resolved(tables: set[str], queries: Mapping[str, set[str]]) -> set[str]:
    """The tables with the named queries among them replaced by what they read."""
    seen: set[str] = set()
    while waiting := tables - seen:
        seen |= waiting
        tables = tables.union(*(queries.get(name, set()) for name in waiting))
    return {name for name in tables if "." in name}
