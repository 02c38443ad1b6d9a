"""A file as numbered rows of cells, read one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MOST_ROWS = 10_000_000
MOST_COLUMNS = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is what a spreadsheet or an editor shows for its first line, counted from 1.

    A cell of a CSV file is text, one of a workbook what Excel keeps: text, number, boolean, date or None.
    """

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class Table:
    """`rows` may be read once. `described`: how the file was understood; `share_read`: 0 to 1, None if unknown."""

    name: str
    described: str
    rows: Iterator[Row]
    share_read: Callable[[], float | None]


def is_blank(cell: Any) -> bool:
    """Nothing, or text of white space alone."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
