"""Reads Excel workbooks (.xlsx) row by row; formulas give the value Excel kept with them.

A workbook is a ZIP of XML: what would unpack to more than the limits is refused before it is unpacked, and entities in
its XML are never expanded (openpyxl takes its parser from defusedxml).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import openpyxl
from openpyxl import DEFUSEDXML

from producers.files.refusal import FileRefused
from producers.files.tables import MOST_COLUMNS, Row, Table, is_blank

MOST_ROWS = 1_048_576  # Excel's own limit
MOST_PARTS = 2_000
SHEET_LIMIT = 1 << 30  # read as a stream
PART_LIMIT = 48 << 20  # held in memory: shared texts, styles


@contextmanager
def open_xlsx(path: Path, sheet: str | None = None) -> Iterator[Table]:
    """The rows of one sheet (the first one when none is named), empty ones left out; raises FileRefused."""
    if not DEFUSEDXML:
        raise _unreadable(path, "the package defusedxml is missing")
    _hold_to_limits(path)
    with path.open("rb") as file, closing(_open(file, path)) as book:
        names = book.sheetnames
        chosen = sheet or (names[0] if names else "")
        if chosen not in names:
            raise FileRefused(
                f"{path.name}: no sheet {sheet!r}; there are {', '.join(names)}",
                f"{path.name}: không có trang tính {sheet!r}; hiện có {', '.join(names)}",
            )
        yield Table(path.name, f"XLSX, sheet {chosen}", _rows(book[chosen], path), lambda: None)


def _hold_to_limits(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            found = parts.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _unreadable(path, str(error)) from error
    for part in found:
        limit = SHEET_LIMIT if part.filename.startswith("xl/worksheets/") else PART_LIMIT
        if part.file_size > limit or len(found) > MOST_PARTS:
            raise FileRefused(
                f"{path.name}: {part.filename} unpacks to {part.file_size >> 20} MB, too much; save it as CSV UTF-8",
                f"{path.name}: {part.filename} giải nén ra {part.file_size >> 20} MB, quá lớn; hãy lưu dạng CSV UTF-8",
            )


def _open(file: BinaryIO, path: Path) -> Any:
    try:
        return openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        # openpyxl has no error of its own for a broken workbook: it raises whatever its parsing meets.
        raise _unreadable(path, f"{type(error).__name__}: {error}") from error


def _rows(sheet: Any, path: Path) -> Iterator[Row]:
    if not hasattr(sheet, "reset_dimensions"):
        raise _unreadable(path, "the sheet is a chart")
    sheet.reset_dimensions()  # what the file says of its size is often wrong
    cells = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        try:
            row = next(cells, None)
        except Exception as error:
            raise _unreadable(path, f"after row {number}: {type(error).__name__}: {error}") from error
        if row is None:
            return
        number += 1
        if number > MOST_ROWS or len(row) > MOST_COLUMNS:
            raise _too_large(path, number)
        if not all(map(is_blank, row)):
            yield Row(number, row)


def _unreadable(path: Path, why: str) -> FileRefused:
    return FileRefused(
        f"{path.name}: no readable Excel workbook ({why}); open it in Excel and save it as .xlsx or CSV UTF-8",
        f"{path.name}: không đọc được tệp Excel; hãy mở bằng Excel rồi lưu lại dạng .xlsx hoặc CSV UTF-8",
    )


def _too_large(path: Path, number: int) -> FileRefused:
    return FileRefused(
        f"{path.name}, row {number}: more than {MOST_COLUMNS} columns or {MOST_ROWS} rows; remove what is empty",
        f"{path.name}, dòng {number}: quá {MOST_COLUMNS} cột hoặc {MOST_ROWS} dòng; hãy xóa phần trống",
    )
