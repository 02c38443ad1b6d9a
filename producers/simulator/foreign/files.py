"""Reports as rows of files that offices write: CSV and Excel, with the headers of a shipped mapping."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl

from producers.files.identity import content_of, row_id
from producers.files.mapping import FileMapping, Origin, find_mapping
from producers.simulator.calendar import VIETNAM
from producers.simulator.foreign.message import Message
from producers.simulator.record import Event, Record

DAY: Mapping[str, str] = {"tourism": "day", "network_coverage": "as_of"}
"""By the mapping's name the field whose column gives the day that a report is of, and so its `occurred_at`."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]


def message_of(mapping_name: str, record: Record) -> Message:
    """The report as a row by its headers: it happened at a time of its day, and is given by the mapping's agency."""
    mapping = find_mapping(mapping_name)
    day, at = record.body[DAY[mapping_name]], mapping.fields["occurred_at"].at
    told = {
        **record.body,
        "occurred_at": datetime.combine(day, at, VIETNAM),
        "source": mapping.fields["source"].value,
    }
    told["event_id"] = row_id(content_of(record.event, _canonical(told)), 0)
    return Message(record.as_told(told), _row(mapping, told))


def csv_of(rows: Iterable[Row]) -> bytes:
    """The rows as a Vietnamese office saves them: days dd/MM/yyyy, points in numbers, semicolons, a byte order mark."""
    rows = list(rows)
    page = io.StringIO()
    writer = csv.DictWriter(page, rows[0], delimiter=";")
    writer.writeheader()
    writer.writerows({title: _text(cell) for title, cell in row.items()} for row in rows)
    return page.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Row]) -> bytes:
    """The rows as a workbook of one sheet, days and numbers in cells of their kind."""
    rows = list(rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Báo cáo")
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _row(mapping: FileMapping, event: Event) -> Row:
    """A cell for each column; `occurred_at` is read from the column of its day."""
    told = {name: origin for name, origin in mapping.fields.items() if origin.columns and name != "occurred_at"}
    return {origin.columns[0]: _cell(origin, event[name]) for name, origin in told.items()}


def _cell(origin: Origin, value: Any) -> Any:
    if isinstance(value, bool):
        return "có" if value else "không"
    return next((word for word, meant in origin.values.items() if meant == value), value)


def _text(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, int):
        return f"{cell:,}".replace(",", ".")
    return "" if cell is None else str(cell)


def _canonical(event: Event) -> Event:
    """As an import reads the row, which has no id and no empty cells."""
    said = {name: value for name, value in event.items() if name != "event_id" and value is not None}
    return {**said, "occurred_at": (event["occurred_at"] - _EPOCH) // timedelta(milliseconds=1)}
