"""Reads CSV files: commas, semicolons or tabs, quoted as RFC 4180 says."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from producers.files.encodings import detect_encoding, read_lines
from producers.files.refusal import FileRefused
from producers.files.tables import MOST_COLUMNS, MOST_ROWS, Row, Table

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_LOOKED_AT = 30
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_EXCEL_HINT = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@contextmanager
def open_csv(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Iterator[Table]:
    """The file's rows, empty lines left out; raises FileRefused, also while the rows are read."""
    known = encoding or detect_encoding(path)
    size = max(path.stat().st_size, 1)
    with path.open("rb") as file:
        lines = read_lines(file, known, path)
        first = list(islice(lines, _LOOKED_AT))
        hinted = _EXCEL_HINT.fullmatch(first[0]) if first else None
        chosen = delimiter or (hinted[1] if hinted else guess_delimiter(first))
        rows = _rows(chain(first, lines), chosen, path, passed_over=1 if hinted else 0)
        described = f"CSV, {known}, {DELIMITERS.get(chosen, chosen)}"
        yield Table(path.name, described, rows, lambda: _share(file, size))


def guess_delimiter(lines: list[str]) -> str:
    """The delimiter that gives these lines the most cells, quoted text left out; the comma when none occurs."""
    bare = [_QUOTED.sub("", line) for line in lines]
    return max(DELIMITERS, key=lambda sign: max((line.count(sign) for line in bare), default=0))


def _share(file: BinaryIO, size: int) -> float | None:
    return None if file.closed else min(file.tell() / size, 1.0)


def _rows(lines: Iterator[str], delimiter: str, path: Path, passed_over: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    begins = 1
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if number <= passed_over or not any(map(str.strip, cells)):
                continue
            if len(cells) > MOST_COLUMNS or number > MOST_ROWS:
                raise _too_large(path, number)
            yield Row(number, cells)
    except csv.Error as error:
        raise FileRefused(
            f"{path.name}, row at line {begins}: {error}; a quotation mark is probably not closed there",
            f"{path.name}, dòng {begins}: không đọc được; có thể dấu ngoặc kép chưa được đóng",
        ) from error


def _too_large(path: Path, number: int) -> FileRefused:
    return FileRefused(
        f"{path.name}, line {number}: more than {MOST_COLUMNS} columns or {MOST_ROWS} rows; split the file",
        f"{path.name}, dòng {number}: quá {MOST_COLUMNS} cột hoặc {MOST_ROWS} dòng; hãy chia nhỏ tệp",
    )
