"""From cells as people write them to values of a contract's field.

A converter gives the value in one canonical form (epoch milliseconds, date, decimal as shortest text), so that the same
row gives the same event from CSV and from Excel; None for a blank cell; or the Reason why it cannot.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from producers.files.days import read_date, read_timestamp
from producers.files.mapping import Origin
from producers.files.numbers import read_decimal, read_double, read_whole
from producers.files.spelling import folded
from producers.files.tables import is_blank
from schemas.contract import Field, Kind
from schemas.fitting import Reason

Converter = Callable[[Any], Any]

_REMEMBERED = 4_096
_TRUE = frozenset("co x dung true 1 yes v roi".split())
_FALSE = frozenset("khong sai false 0 no chua k".split())
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?E\+\d+", re.IGNORECASE)
_CHECK_MARKS = {"✓": "x", "✔": "x", "☑": "x", "☐": "0"}

NOT_BOOLEAN = Reason("must be có, x, đúng or không, sai", "phải là có, x, đúng hoặc không, sai")
IS_DATE = Reason(
    "must be text, but Excel made it a date; format the column as Text and type it again",
    "phải là chữ nhưng Excel đã đổi thành ngày; hãy định dạng cột là Text rồi nhập lại",
)
IS_SCIENTIFIC = Reason(
    "has lost digits, since Excel wrote it as a power of ten; format the column as Text and type it again",
    "đã mất chữ số do Excel ghi dạng lũy thừa; hãy định dạng cột là Text rồi nhập lại",
)
IS_FRACTION = Reason(
    "is a number with decimals where a code is expected", "là số thập phân trong khi cần mã; hãy định dạng cột là Text"
)
IS_ERROR = Reason("is an Excel error; mend the formula", "là lỗi công thức Excel; hãy sửa công thức")
_EXCEL_ERRORS = frozenset("#N/A #REF! #VALUE! #DIV/0! #NAME? #NULL! #NUM!".split())


def converter_for(field: Field, origin: Origin, decimal: str) -> Converter:
    """The converter of a column; remembers what it made of recent texts, since columns repeat themselves."""
    plain = _plain_converter(field, origin, decimal)
    translated = {folded(word): value for word, value in origin.values.items()}
    if translated and field.kind == "enum":
        translated |= {folded(symbol): symbol for symbol in field.symbols}
        plain = _refuse_all(_unknown_word(origin))
    remembered: dict[str, Any] = {}

    def convert(cell: Any) -> Any:
        if cell.__class__ is not str:
            return origin.empty if cell is None else _convert(cell, translated, plain)
        if cell in remembered:
            return remembered[cell]
        if len(remembered) >= _REMEMBERED:
            remembered.clear()
        value = origin.empty if is_blank(cell) else _convert(_tidy(cell), translated, plain)
        remembered[cell] = value
        return value

    return convert


def _unknown_word(origin: Origin) -> Reason:
    listed = ", ".join(origin.values)
    return Reason(f"must be one of {listed}", f"phải là một trong: {listed}")


def _refuse_all(reason: Reason) -> Converter:
    return lambda _cell: reason


def _convert(cell: Any, translated: Mapping[str, Any], plain: Converter) -> Any:
    if cell in _EXCEL_ERRORS:
        return IS_ERROR
    text = read_text(cell) if translated else None
    found = translated.get(folded(text)) if isinstance(text, str) else None
    return plain(cell) if found is None else found


def _tidy(text: str) -> str:
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def _plain_converter(field: Field, origin: Origin, decimal: str) -> Converter:
    if field.kind in ("int", "long"):
        return lambda cell: read_whole(cell, decimal, field.unit)
    if field.kind == "decimal":
        return lambda cell: read_decimal(cell, decimal, field.unit)
    if field.kind == "double":
        return lambda cell: read_double(cell, decimal)
    if field.kind == "timestamp":
        return lambda cell: read_timestamp(cell, origin.at)
    return _BY_KIND.get(field.kind, read_text)


def read_text(cell: Any) -> Any:
    """Text as it stands; a whole number of Excel as its digits."""
    if isinstance(cell, str):
        return IS_SCIENTIFIC if _SCIENTIFIC.fullmatch(cell) else cell
    if isinstance(cell, datetime | date | time):
        return IS_DATE
    if isinstance(cell, float):
        if not math.isfinite(cell) or not cell.is_integer():
            return IS_FRACTION
        return IS_SCIENTIFIC if abs(cell) >= 1e15 else str(int(cell))
    if isinstance(cell, Decimal):
        return IS_FRACTION
    return str(cell)


def read_boolean(cell: Any) -> Any:
    """True or False from the usual words and marks."""
    if isinstance(cell, bool):
        return cell
    word = folded(_CHECK_MARKS.get(cell, cell)) if isinstance(cell, str) else str(cell)
    if word in _TRUE or word == "1.0":
        return True
    return False if word in _FALSE or word == "0.0" else NOT_BOOLEAN


_BY_KIND: Mapping[Kind, Converter] = {"boolean": read_boolean, "date": read_date}
