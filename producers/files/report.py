"""The list of bad rows as a file that Excel opens: CSV (UTF-8 with a byte order mark) or XLSX, by the file's ending."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from producers.files.problems import Problem

COLUMNS = (
    "Dòng / Row",
    "Cột / Column",
    "Trường / Field",
    "Quy tắc / Rule",
    "Giá trị / Value",
    "Cần sửa",
    "What to mend",
)
_MOST_IN_SHEET = 1_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def open_report(path: Path | None) -> Iterator[Callable[[Problem], None]]:
    """What adds a problem to the report, at once; without a path nothing is written."""
    if path is None:
        yield _nowhere
    elif path.suffix.lower() == ".xlsx":
        with _workbook(path) as add:
            yield add
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            yield lambda problem: writer.writerow(_cells(problem))


def _nowhere(_: Problem) -> None:
    """For whoever wants no report."""


@contextmanager
def _workbook(path: Path) -> Iterator[Callable[[Problem], None]]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Lỗi")
    sheet.append(COLUMNS)
    written = 0

    def add(problem: Problem) -> None:
        nonlocal written
        written += 1
        if written <= _MOST_IN_SHEET:
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("�", str(cell)) for cell in _cells(problem)])

    yield add
    book.save(path)


def _cells(problem: Problem) -> list[str | int]:
    told = (problem.column, problem.field, problem.rule, problem.value, problem.message_vi, problem.message)
    return [problem.row, *map(_harmless, told)]


def _harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
