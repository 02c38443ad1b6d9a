"""Do values fit their field's Avro type: from JSON or Python values to what an Avro encoder writes.

| kind | taken | written |
|---|---|---|
| uuid | UUID, text `8-4-4-4-12` | lower-case text |
| timestamp | datetime or ISO 8601 text, both with a UTC offset; integer epoch milliseconds | milliseconds |
| date | date, text `YYYY-MM-DD` | days since 1970-01-01 |
| decimal | Decimal, integer, text, float by its shortest text; never rounded | Decimal, see `unscaled_bytes` |
| enum | one of the symbols | text |
| string, int, long, double, boolean | the same type alone: `"7"` is no number, `1` is not true | the same |
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from schemas.contract import Field, Kind
from schemas.moments import NO_OFFSET, NOT_DATE, NOT_TIMESTAMP, why_no_date, why_no_timestamp
from schemas.reason import Reason as Reason

INT_LIMIT = 2**31
LONG_LIMIT = 2**63
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
MILLISECOND = timedelta(milliseconds=1)
FIRST_EPOCH_MS = 100_000_000_000  # 1973; a smaller integer is an epoch in seconds, a mistake as common as it is silent
LAST_EPOCH_MS = 253_402_300_799_999  # the end of the year 9999, the last one Python and Arrow can both hold

LISTED_SYMBOLS = 12
LONGEST_NEAR = 100  # to look for what a megabyte of text is near to would hold up everyone

# Spelt out: a repeated group, or letters of either case by a flag, take half as long again.
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,60}(\.\d{1,60})?", re.ASCII)


Fit = Callable[[Any], Any]
"""Gives the value to write, or a Reason."""

NOT_TEXT = Reason("must be text", "phải là chuỗi ký tự")
NUL_IN_TEXT = Reason("must not contain a NUL character", "không được chứa ký tự NUL")
NOT_UNICODE = Reason("must be valid Unicode", "phải là Unicode hợp lệ")
NOT_UUID = Reason("must be a UUID such as 01790000-0000-7000-8000-000000000000", "phải là UUID (dạng 8-4-4-4-12)")
NOT_INT = Reason("must be a whole number of 32 bits", "phải là số nguyên 32 bit")
NOT_LONG = Reason("must be a whole number of 64 bits", "phải là số nguyên 64 bit")
NOT_BOOLEAN = Reason("must be true or false", "phải là true hoặc false")
NOT_DOUBLE = Reason("must be a finite number", "phải là số hữu hạn")
NOT_EPOCH_MS = Reason(
    "must be epoch milliseconds (these look like seconds or microseconds)",
    "phải là số mili giây từ 1970 (giá trị này có vẻ là giây hoặc micrô giây)",
)
NOT_DECIMAL = Reason("must be a decimal number such as 12.50", "phải là số thập phân, ví dụ 12.50")


def fit_for(field: Field) -> Fit:
    """The function that fits values to the field's kind (never null)."""
    if field.kind == "enum":
        return _enum_fit(field.symbols)
    if field.kind == "decimal":
        return _decimal_fit(field.precision or 0, field.scale or 0)
    return _FITS[field.kind]


def fit_string(value: Any) -> Any:
    """Text that UTF-8 and PostgreSQL can hold: no NUL, no lone surrogate."""
    if not isinstance(value, str):
        return NOT_TEXT
    if "\0" in value:
        return NUL_IN_TEXT
    return value if value.isascii() or _is_unicode(value) else NOT_UNICODE


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def fit_uuid(value: Any) -> Any:
    """A UUID in its one canonical text, so that equal identities are equal bytes."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and UUID_TEXT.fullmatch(value):
        return value.lower()
    return NOT_UUID


def fit_int(value: Any) -> Any:
    """A whole number of 32 bits."""
    return value if type(value) is int and -INT_LIMIT <= value < INT_LIMIT else NOT_INT


def fit_long(value: Any) -> Any:
    """A whole number of 64 bits."""
    return value if type(value) is int and -LONG_LIMIT <= value < LONG_LIMIT else NOT_LONG


def fit_boolean(value: Any) -> Any:
    """True or False."""
    return value if isinstance(value, bool) else NOT_BOOLEAN


def fit_double(value: Any) -> Any:
    """A finite number."""
    if type(value) is int and abs(value) <= 2**53:
        return float(value)
    return value if isinstance(value, float) and math.isfinite(value) else NOT_DOUBLE


def fit_timestamp(value: Any) -> Any:
    """Epoch milliseconds; parts of a millisecond are cut off."""
    if type(value) is int:
        return value if FIRST_EPOCH_MS <= value <= LAST_EPOCH_MS else NOT_EPOCH_MS
    moment = _parse_iso(value) if isinstance(value, str) else value
    if isinstance(moment, datetime) and moment.utcoffset() is not None:
        return (moment - EPOCH) // MILLISECOND
    if isinstance(value, str):
        return why_no_timestamp(value)
    return NO_OFFSET if isinstance(value, datetime) else NOT_TIMESTAMP


def _parse_iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def fit_date(value: Any) -> Any:
    """Days since 1970-01-01; a datetime is refused, since its day depends on the time zone."""
    if isinstance(value, str):
        day = _parse_iso(value) if _DATE.fullmatch(value) else None
        return why_no_date(value) if day is None else day.toordinal() - EPOCH_DAY
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.toordinal() - EPOCH_DAY
    return NOT_DATE


def _enum_fit(symbols: tuple[str, ...]) -> Fit:
    known = frozenset(symbols)

    def fit_enum(value: Any) -> Any:
        return value if isinstance(value, str) and value in known else _no_symbol(value, symbols)

    return fit_enum


def _no_symbol(value: Any, symbols: tuple[str, ...]) -> Reason:
    """With the nearest, and all of them when they are few."""
    by_lower = {symbol.lower(): symbol for symbol in symbols}
    near = get_close_matches(value[:LONGEST_NEAR].strip().lower(), by_lower, n=1) if isinstance(value, str) else []
    hint, hint_vi = "", ""
    if near:
        hint, hint_vi = f" (did you mean {by_lower[near[0]]}?)", f" (có phải là {by_lower[near[0]]}?)"
    if near and len(symbols) > LISTED_SYMBOLS:
        return Reason(f"must be a known symbol{hint}", f"phải thuộc danh mục{hint_vi}")
    listed = ", ".join(symbols)
    return Reason(f"must be one of {listed}{hint}", f"phải là một trong: {listed}{hint_vi}")


def _decimal_fit(precision: int, scale: int) -> Fit:
    limit = Decimal(1).scaleb(precision - scale)
    too_fine = Reason(f"must have at most {scale} decimals", f"phải có không quá {scale} chữ số thập phân")
    too_large = Reason(
        f"must have at most {precision - scale} digits before the point",
        f"phải có không quá {precision - scale} chữ số phần nguyên",
    )

    def fit_decimal(value: Any) -> Any:
        number = _to_decimal(value)
        if number is None:
            return NOT_DECIMAL
        if not -limit < number < limit:
            return too_large
        return too_fine if _has_more_decimals(number, scale) else number

    return fit_decimal


def _has_more_decimals(number: Decimal, scale: int) -> bool:
    """Read off the digits: arithmetic would round to the context's precision first."""
    _, digits, exponent = number.as_tuple()
    surplus = -int(exponent) - scale
    return surplus > 0 and any(digits[-surplus:])


def unscaled_bytes(number: Decimal, scale: int) -> bytes:
    """Avro's form of a decimal: the two's-complement big-endian integer `number * 10**scale`."""
    sign, digits, exponent = number.as_tuple()
    shift = int(exponent) + scale
    factor: int = 10 ** abs(shift)
    magnitude = int("".join(map(str, digits)))
    magnitude = magnitude * factor if shift >= 0 else magnitude // factor
    unscaled = -magnitude if sign else magnitude
    return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)


def _to_decimal(value: Any) -> Decimal | None:
    if isinstance(value, float):
        value = repr(value)
        if "e" in value:
            value = format(Decimal(value), "f")
    if (type(value) is int) or (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        value = Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() else None


_FITS: Mapping[Kind, Fit] = {
    "string": fit_string,
    "uuid": fit_uuid,
    "int": fit_int,
    "long": fit_long,
    "boolean": fit_boolean,
    "double": fit_double,
    "timestamp": fit_timestamp,
    "date": fit_date,
}
