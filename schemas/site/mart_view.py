"""What the page of the marts shows: each table with its comments, and every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.site.bilingual import Bilingual, split_comment
from schemas.site.contract_view import FigureRow
from schemas.usage.marts import Mart, made_from


@dataclass(frozen=True)
class MartColumn:
    """A column with its comment."""

    name: str
    doc: Bilingual


@dataclass(frozen=True)
class MartView:
    """A mart with its comment, the events it is made from and its columns."""

    table: str
    doc: Bilingual
    events: tuple[str, ...]
    columns: tuple[MartColumn, ...]


def mart_views(marts: Sequence[Mart], events: Sequence[tuple[str, set[str]]]) -> Iterator[MartView]:
    """Every mart; `events` are the contracts' events, each with its tables in the warehouse."""
    for mart in marts:
        comments = dict(mart.comments)
        sources = tuple(event for event, tables in events if mart in made_from(marts, tables))
        columns = tuple(MartColumn(name, split_comment(text)) for name, text in mart.comments if name)
        yield MartView(mart.table, split_comment(comments.get("", mart.table)), sources, columns)


def figure_rows(marts: Sequence[Mart]) -> list[FigureRow]:
    """Every figure, in the order of its SQL."""
    return [
        FigureRow(each.key, Bilingual(each.name_en, each.name_vi), tuple(sorted(each.tables)))
        for mart in marts
        for each in mart.figures
    ]
