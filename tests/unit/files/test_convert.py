"""Cells to values: what is taken, what is refused, and that one meaning has one form."""

from __future__ import annotations

import inspect
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from producers.files.convert import converter_for
from producers.files.mapping import Origin
from schemas.contract import Field, Rules
from schemas.fitting import Reason

TAKEN: list[tuple[str, Any, Any]] = [
    ("int", "1250", 1250),
    ("int", "1.250", 1250),
    ("int", "1 250", 1250),
    ("int", "12,0", 12),
    ("int", 12.0, 12),
    ("int", "-3", -3),
    ("long", "187.500.000 đ", 187_500_000),
    ("long", "187.500.000 VNĐ", 187_500_000),
    ("long", "1\u00a0250\u00a0000", 1_250_000),
    ("decimal", "1.234.567,50", "1234567.5"),
    ("decimal", "89,50", "89.5"),
    ("decimal", 89.5, "89.5"),
    ("decimal", "-0,00", "0"),
    ("decimal", "100", "100"),
    ("decimal", 100, "100"),
    ("double", "3,25", 3.25),
    ("date", "23/06/2021", date(2021, 6, 23)),
    ("date", "3/6/2021", date(2021, 6, 3)),
    ("date", "23-06-2021", date(2021, 6, 23)),
    ("date", "23.06.2021", date(2021, 6, 23)),
    ("date", "2021-06-23", date(2021, 6, 23)),
    ("date", "23/06/2021 23:59", date(2021, 6, 23)),
    ("date", datetime(2021, 6, 23), date(2021, 6, 23)),
    ("date", date(2021, 6, 23), date(2021, 6, 23)),
    ("timestamp", "23/06/2021 07:00", datetime(2021, 6, 23, tzinfo=UTC)),
    ("timestamp", "23/06/2021 7:00:30", datetime(2021, 6, 23, 0, 0, 30, tzinfo=UTC)),
    ("timestamp", "23/06/2021", datetime(2021, 6, 22, 17, tzinfo=UTC)),
    ("timestamp", "2021-06-23T07:00:00Z", datetime(2021, 6, 23, 7, tzinfo=UTC)),
    ("timestamp", "2021-06-23T07:00:00+07:00", datetime(2021, 6, 23, tzinfo=UTC)),
    ("timestamp", datetime(2021, 6, 23, 6, 59, 59, 999_999), datetime(2021, 6, 23, tzinfo=UTC)),
    ("boolean", "Có", True),
    ("boolean", "x", True),
    ("boolean", "X ", True),
    ("boolean", "✓", True),
    ("boolean", "Đúng", True),
    ("boolean", 1, True),
    ("boolean", "không", False),
    ("boolean", "Sai", False),
    ("boolean", 0.0, False),
    ("boolean", False, False),
    ("string", "  Chè Shan tuyết ", "Chè Shan tuyết"),
    ("string", "Che\u0300", "Chè"),
    ("string", "00715", "00715"),
    ("string", 715, "715"),
    ("string", 715.0, "715"),
    ("enum", "Trong nước", "domestic"),
    ("enum", "TRONG NUOC", "domestic"),
    ("enum", "domestic", "domestic"),
    ("int", "3 sao", 3),
]
REFUSED: list[tuple[str, Any, str]] = [
    ("int", "12.5", "number such as 1.234.567,5"),
    ("int", "1,250.5", "number such as"),
    ("int", "1.25", "number such as"),
    ("int", "12,5", "whole number"),
    ("int", 12.5, "whole number"),
    ("int", "abc", "number such as"),
    ("int", "٣", "number such as"),
    ("int", True, "is true or false"),
    ("int", "#N/A", "Excel error"),
    ("decimal", "1" * 80, "number such as"),
    ("double", "NaN", "number such as"),
    ("date", "31/06/2021", "no day of the calendar"),
    ("date", "06/23/2021", "no day of the calendar"),
    ("date", "23/06/21", "such as 23/06/2021"),
    ("date", "23/06-2021", "such as 23/06/2021"),
    ("date", 44370, "format the column as a date"),
    ("timestamp", "23/06/2021 25:00", "no day"),
    ("timestamp", "hôm qua", "such as"),
    ("boolean", "có lẽ", "có, x, đúng"),
    ("boolean", 2, "có, x, đúng"),
    ("string", "1.23457E+12", "lost digits"),
    ("string", 1.5, "decimals where a code"),
    ("string", datetime(2021, 6, 23), "Excel made it a date"),
    ("string", "#REF!", "Excel error"),
    ("enum", "Khách đoàn", "must be one of trong nước, 3 sao"),
]
WORDS = {"trong nước": "domestic", "3 sao": 3}


def convert(kind: Any, cell: Any, **origin: Any) -> Any:
    unit = "VND" if kind == "long" else None
    field = Field("f", kind, nullable=False, doc="", doc_vi="", personal_data="none", unit=unit, symbols=("domestic",))
    return converter_for(field, Origin(columns=("F",), values=WORDS, **origin), ",")(cell)


@pytest.mark.parametrize(("kind", "cell", "value"), TAKEN)
def test_taken(kind: str, cell: Any, value: Any) -> None:
    wanted = int(value.timestamp() * 1000) if isinstance(value, datetime) else value
    found = convert(kind, cell)
    assert (type(found), found) == (type(wanted), wanted)


@pytest.mark.parametrize(("kind", "cell", "why"), REFUSED)
def test_refused(kind: str, cell: Any, why: str) -> None:
    found = convert(kind, cell)
    assert isinstance(found, Reason)
    assert why in found.en
    assert found.vi


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0"])
def test_a_blank_cell_is_nothing_unless_the_mapping_says_what(blank: Any) -> None:
    assert convert("int", blank) is None
    assert convert("int", blank, empty=1) == 1


def test_a_day_without_time_is_taken_at_the_mappings_time() -> None:
    noon = int(datetime(2021, 6, 23, 5, tzinfo=UTC).timestamp() * 1000)
    assert convert("timestamp", "23/06/2021", at=time(12)) == noon
    assert convert("timestamp", datetime(2021, 6, 23), at=time(12)) == noon


def test_with_the_point_as_decimal_sign() -> None:
    field = Field("f", "decimal", nullable=False, doc="", doc_vi="", personal_data="none", rules=Rules())
    read = converter_for(field, Origin(columns=("F",)), ".")
    assert read("1,234,567.50") == "1234567.5"
    assert isinstance(read("1.234,5"), Reason)


def test_what_is_remembered_of_a_column_stays_bounded_and_right() -> None:
    field = Field("f", "int", nullable=False, doc="", doc_vi="", personal_data="none")
    read = converter_for(field, Origin(columns=("F",)), ",")
    assert [read(str(number)) for number in range(10_000)] == list(range(10_000))
    assert len(inspect.getclosurevars(read).nonlocals["remembered"]) < 5_000
    assert read(True) != read(1), "1 and true are equal for a dictionary"
