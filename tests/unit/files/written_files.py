"""Files as offices write them, made for tests: CSV in any encoding, and workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from producers.files.importing import Import, check_file, prepare_import, send_file
from producers.files.mapping import FileMapping, find_mapping, parse_mapping
from producers.files.problems import Problem
from producers.files.tally import Tally
from schemas.catalog import load_catalog
from tests.unit.files.legacy_writers import to_tcvn3, to_vni

CATALOG = load_catalog()
TOURISM = (
    "Ngày",
    "Mã điểm du lịch",
    "Tên điểm du lịch",
    "Mã xã",
    "Cơ quan báo cáo",
    "Loại khách",
    "Số lượt khách",
    "Doanh thu (đồng)",
    "Cách thống kê",
    "Lần báo cáo",
)
_LEGACY = {"tcvn3": to_tcvn3, "vni": to_vni}


def visit(day: int = 1, **changes: Any) -> list[Any]:
    """A row below TOURISM; changes by position are named c0, c1, ..."""
    row = [f"{day:02}/06/2021", "LUNG-CU", "Cột cờ Lũng Cú", "00715", "H22.13", "Trong nước"]
    row += ["1.250", "187.500.000", "Bán vé", "1"]
    for place, value in changes.items():
        row[int(place[1:])] = value
    return row


def write_csv(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ";") -> Path:
    """Cells must not hold the delimiter."""
    text = "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows)
    path.write_bytes(_LEGACY[encoding](text) if encoding in _LEGACY else text.encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """The rows on the first sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def import_of(path: Path, mapping: str | FileMapping = "tourism") -> Import:
    """The import by a shipped mapping, or by one."""
    return prepare_import(path, find_mapping(mapping) if isinstance(mapping, str) else mapping, CATALOG)


def mapping_of(text: str) -> FileMapping:
    """The mapping a text describes."""
    return parse_mapping(text, Path("own.toml"))


def judged(path: Path, mapping: str | FileMapping = "tourism") -> tuple[Tally, list[Problem]]:
    """What a dry run counts, and every problem it finds."""
    problems: list[Problem] = []
    tally = Tally(problems.append)
    check_file(import_of(path, mapping), tally, lambda _rows, _share: None)
    return tally, problems


def events_in(path: Path, mapping: str | FileMapping = "tourism") -> list[dict[str, Any]]:
    """The good events, as they would be sent."""
    sent: list[dict[str, Any]] = []
    work = import_of(path, mapping)

    def send(_name: str, event: Any) -> Any:
        work.codec.encode(event)
        sent.append(dict(event))
        return Confirmed()

    send_file(work, send, Tally(), lambda _rows, _share: None)
    return sent


class Confirmed:
    """A delivery that Kafka has confirmed."""

    def result(self) -> None:
        """At once."""
