"""Takes values out of a platform's JSON; whatever is not as documented raises PushUnreadable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from producers.marketplaces.change import PushUnreadable

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Later than any time in seconds, earlier than any in milliseconds.
_FIRST_MILLIS = 100_000_000_000
_LAST_SECONDS = 4_102_444_800
_LONGEST = 200


def json_object(body: bytes | str) -> dict[str, Any]:
    """The JSON object of a body."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PushUnreadable(f"not JSON: {type(error).__name__}") from error
    return _object(document, "the body")


def part(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object inside it."""
    return _object(document.get(name), name)


def text(document: Mapping[str, Any], name: str) -> str:
    """A text, or a whole number as text: platforms write identifiers both ways."""
    value = document.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if -(10**30) < value < 10**30 else ""
    if not isinstance(value, str) or not value or len(value) > _LONGEST or not value.isprintable():
        raise PushUnreadable(f"{name} must be a text, is {type(document.get(name)).__name__}")
    return value


def number(document: Mapping[str, Any], name: str) -> int:
    """A whole number, also one written as text."""
    value = document.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise PushUnreadable(f"{name} must be a whole number, is {type(value).__name__}")
    return value


def moment(document: Mapping[str, Any], name: str) -> datetime:
    """A time in seconds or milliseconds since 1970; documentations give both for the same field."""
    value = number(document, name)
    if not 0 < value < _LAST_SECONDS * 1000:
        raise PushUnreadable(f"{name} is no time")
    millis = value if value >= _FIRST_MILLIS else value * 1000
    return _EPOCH + timedelta(milliseconds=millis)


def local_moment(value: object, name: str) -> datetime:
    """A time of Vietnam as text: `yyyy-MM-dd` or `yyyy/MM/dd`, with or without `HH:mm:ss`."""
    written = value.strip().replace("/", "-") if isinstance(value, str) else ""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=VIETNAM).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise PushUnreadable(f"{name} is no time") from error


def _object(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise PushUnreadable(f"{name} must be an object, is {type(value).__name__}")
    return value
