from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from schemas.contract import Field
from schemas.fitting import Reason, fit_for, unscaled_bytes

NOON = datetime(2021, 6, 23, 5, tzinfo=UTC)
HANOI = timezone(timedelta(hours=7))
IDENTITY = "017a36b3-8200-7000-8000-00000000abcd"
FIELDS = {
    "enum": Field("f", "enum", False, "", "", "none", symbols=("direct", "online")),
    "decimal": Field("f", "decimal", False, "", "", "none", precision=6, scale=2),
    "wide": Field("f", "decimal", False, "", "", "none", precision=38, scale=20),
}


def fitted(kind: Any, value: Any) -> Any:
    return fit_for(FIELDS.get(kind) or Field("f", kind, False, "", "", "none"))(value)


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("string", "Xã Lũng Cú", "Xã Lũng Cú"),
        ("string", "", ""),
        ("uuid", IDENTITY.upper(), IDENTITY),
        ("uuid", uuid.UUID(IDENTITY), IDENTITY),
        ("int", 2**31 - 1, 2**31 - 1),
        ("long", -(2**63), -(2**63)),
        ("boolean", False, False),
        ("double", 3, 3.0),
        ("timestamp", "2021-06-23T12:00:00+07:00", 1624424400000),
        ("timestamp", "2021-06-23T05:00:00.0019Z", 1624424400001),
        ("timestamp", NOON, 1624424400000),
        ("timestamp", NOON.astimezone(HANOI), 1624424400000),
        ("timestamp", 1624424400000, 1624424400000),
        ("timestamp", "1969-12-31T23:59:59.999Z", -1),
        ("date", "1970-01-02", 1),
        ("date", date(1969, 12, 31), -1),
        ("decimal", "12.5", Decimal("12.5")),
        ("decimal", "12.500", Decimal("12.500")),
        ("decimal", 0.1, Decimal("0.1")),
        ("decimal", 1e-2, Decimal("0.01")),
        ("decimal", -9999, Decimal(-9999)),
        ("wide", "123456789012345678.12345678901234567890", Decimal("123456789012345678.12345678901234567890")),
        ("enum", "online", "online"),
    ],
)
def test_a_fitting_value_is_written_exactly(kind: str, value: Any, written: Any) -> None:
    found = fitted(kind, value)
    assert (found, type(found)) == (written, type(written))


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("string", 7, "must be text"),
        ("string", "a\0b", "NUL"),
        ("string", "\ud800", "Unicode"),
        ("uuid", "{017a36b3-8200-7000-8000-00000000abcd}", "UUID"),
        ("uuid", IDENTITY + "\n", "UUID"),
        ("int", 2**31, "32 bits"),
        ("int", True, "32 bits"),
        ("int", 1.0, "32 bits"),
        ("long", 2**63, "64 bits"),
        ("long", "7", "64 bits"),
        ("boolean", 1, "true or false"),
        ("boolean", "true", "true or false"),
        ("double", float("nan"), "finite"),
        ("double", 2**60 + 1, "finite"),
        ("timestamp", "2021-06-23T12:00:00", "UTC offset"),
        ("timestamp", "2021-06-23", "a day without a time"),
        ("timestamp", "2021-02-30", "a day that the calendar does not have"),
        ("timestamp", "2021-02-30T08:00:00+07:00", "a day that the calendar does not have"),
        ("timestamp", "2021-06-21 08:00", "no UTC offset"),
        ("timestamp", "2021-06-21T25:00:00+07:00", "an hour that the clock does not have"),
        ("timestamp", "2021-06-21T08:00:00 GMT+7", "ISO 8601"),
        ("timestamp", "x" * 10_000, "ISO 8601"),
        ("timestamp", datetime(2021, 6, 23), "UTC offset"),
        ("timestamp", date(2021, 6, 23), "ISO 8601"),
        ("timestamp", "23/06/2021 12:00:00", "year first"),
        ("timestamp", 1624424400, "look like seconds"),
        ("timestamp", 1624424400000000, "microseconds"),
        ("timestamp", 1624424400000.0, "ISO 8601"),
        ("date", "2021-02-29", "the calendar does not have"),
        ("date", "2021-06-23T08:00:00+07:00", "without a time"),
        ("date", "23/06/2021", "year first"),
        ("date", "20210623", "a day such as"),
        ("date", NOON, "a day such as"),
        ("date", 18801, "a day such as"),
        ("decimal", "12.505", "2 decimals"),
        ("decimal", 10000, "4 digits before"),
        ("decimal", "1e3", "decimal number"),
        ("decimal", "NaN", "decimal number"),
        ("decimal", float("inf"), "decimal number"),
        ("decimal", Decimal("1E+1000000"), "digits before"),
        ("wide", "0.123456789012345678901", "20 decimals"),
        ("enum", "onlin", "online (did you mean online?)"),
        ("enum", " ONLINE", "must be one of "),
        ("enum", "ONLINE", "did you mean online?"),
        ("enum", ["online"], "known symbol|one of"),
    ],
)
def test_an_unfit_value_gets_a_reason(kind: str, value: Any, why: str) -> None:
    found = fitted(kind, value)
    assert isinstance(found, Reason)
    assert any(part in found.en for part in why.split("|"))


@pytest.mark.parametrize("text", ["0", "1", "-1", "1.27", "1.28", "-1.28", "-1.29", "9999.99", "12.500", "-0.01"])
def test_a_decimal_is_twos_complement_of_its_unscaled_value(text: str) -> None:
    written = unscaled_bytes(Decimal(text), 2)
    assert Decimal(int.from_bytes(written, "big", signed=True)) / 100 == Decimal(text)
