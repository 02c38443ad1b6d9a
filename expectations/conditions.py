"""Conditions in SQL that a row, or a record of its list, meets when it breaks the contract."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, column, func, or_, table

from expectations.sql_files import DIALECT, has_sql, quoted, sql_of
from infra.errors import OperatorError
from schemas.contract import Field


class UnknownReferenceList(OperatorError):
    """No dimension has this list: mend `ref` in the contract, or add `expectations/sql/unknown_<ref>.sql`."""


def known_sql(field: Field, source: str) -> str:
    """Met by codes that the field's reference list does not hold; `source` is the alias the field is read from.

    The statement around it must offer the event's time as `staged.occurred_at`. Raises UnknownReferenceList.
    """
    name = f"unknown_{field.rules.ref}"
    if not has_sql(name):
        raise UnknownReferenceList(f"{field.name} refers to {field.rules.ref}")
    return sql_of(name, field=f"{source}.{quoted(field.name)}", at="staged.occurred_at")


def list_condition(field: Field) -> str:
    """Met by records of a list, aliased `line`, that break one of the field's own rules; empty when it has none."""
    broken = list(_broken(field))
    if not broken:
        return ""
    text = str(or_(*broken).compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))
    return as_own_sql(text)


def as_own_sql(text: str) -> str:
    """SQL as `unexpected_rows_query` wants it: there a brace is a placeholder unless doubled, `:x` a parameter."""
    return text.replace("{", "{{").replace("}", "}}").replace(":", "\\:")


def _broken(field: Field) -> Iterator[ColumnElement[bool]]:
    value: ColumnElement[str] = table("line", column(field.name)).c[field.name]
    rules = field.rules
    if not field.nullable:
        yield value.is_(None)
    if rules.min is not None:
        yield value < rules.min
    if rules.max is not None:
        yield value > rules.max
    if rules.max_length is not None:
        yield func.char_length(value) > rules.max_length
    if rules.pattern is not None:
        yield ~value.regexp_match(whole(rules.pattern))
    if field.symbols:
        yield value.not_in(field.symbols)


def whole(pattern: str) -> str:
    """The pattern for a search: contracts mean the whole text, PostgreSQL's `~` is content with a part of it."""
    return pattern if pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern else f"^(?:{pattern})$"
