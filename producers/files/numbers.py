"""Numbers as they are written in Vietnam: 1.234.567,5, with or without a unit of money.

Only what can be read in one way is read: where the comma is the decimal sign, `12.5` is refused, not guessed at.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

from schemas.fitting import Reason

_SPACES = re.compile("[ \u00a0\u202f]")
_MONEY = re.compile(r"(?:đồng|đ|₫|vnđ|vnd)$", re.IGNORECASE)
_FORMS = {
    ",": re.compile(r"([+-]?)(\d{1,30}|\d{1,3}(?:\.\d{3}){1,10})(?:,(\d{1,30}))?", re.ASCII),
    ".": re.compile(r"([+-]?)(\d{1,30}|\d{1,3}(?:,\d{3}){1,10})(?:\.(\d{1,30}))?", re.ASCII),
}
_LONGEST = 60

NOT_NUMBER = {
    ",": Reason("must be a number such as 1.234.567,5", "phải là số dạng 1.234.567,5"),
    ".": Reason("must be a number such as 1,234,567.5", "phải là số dạng 1,234,567.5"),
}
NOT_WHOLE = Reason("must be a whole number", "phải là số nguyên")
IS_BOOLEAN = Reason("must be a number, is true or false", "phải là số, đang là đúng hoặc sai")


def read_number(cell: Any, decimal: str, unit: str | None = None) -> Any:
    """A Decimal, or a Reason."""
    if isinstance(cell, bool):
        return IS_BOOLEAN
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(repr(cell)) if math.isfinite(cell) and abs(cell) < 1e30 else NOT_NUMBER[decimal]
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return NOT_NUMBER[decimal]
    bare = _SPACES.sub("", _MONEY.sub("", cell) if unit == "VND" else cell)
    found = _FORMS[decimal].fullmatch(bare)
    if found is None:
        return NOT_NUMBER[decimal]
    sign, whole, fraction = found.groups()
    return Decimal(f"{sign}{whole.replace('.', '').replace(',', '')}.{fraction or 0}")


def read_whole(cell: Any, decimal: str, unit: str | None = None) -> Any:
    """An int; decimals that are all zero are nothing."""
    if cell.__class__ is str and len(cell) < 16 and cell.isascii() and cell.isdecimal():
        return int(cell)
    number = read_number(cell, decimal, unit)
    if isinstance(number, Reason):
        return number
    return int(number) if number == number.to_integral_value() else NOT_WHOLE


def read_decimal(cell: Any, decimal: str, unit: str | None = None) -> Any:
    """The shortest text of the number: 12,50 and 12.5 of Excel are one value."""
    number = read_number(cell, decimal, unit)
    if isinstance(number, Reason):
        return number
    text = format(abs(number) if number == 0 else number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_double(cell: Any, decimal: str) -> Any:
    """A float."""
    number = read_number(cell, decimal)
    return number if isinstance(number, Reason) else float(number)
