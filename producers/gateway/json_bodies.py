"""JSON bodies: quick to read, and no number is changed on the way."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import orjson

from producers.gateway.problems import Problem, about, error_of
from schemas.contract import Contract
from schemas.rules import kind_of

# More digits than a double holds for certain; quick JSON readers round such numbers without a word.
_LONG_NUMBER = re.compile(rb"[0-9][0-9.]{15}")


def parse_json(body: bytes, *, exact: bool = True) -> Any:
    """The value; raises Problem 400 that tells line and column. `exact` keeps decimals of many digits as they are."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unreadable(error.msg, error.lineno, error.colno) from error
    return _exactly(body) if exact and _LONG_NUMBER.search(body) else value


def events_in(body: bytes, contract: Contract, most: int) -> list[Any]:
    """The events of a body that holds one object or a list of them; raises Problem 400, 413."""
    value = parse_json(body, exact=_has_decimals(contract))
    if isinstance(value, dict):
        return [value]
    return listed(value, most)


def listed(value: Any, most: int) -> list[Any]:
    """The items of a list; raises Problem 400 for anything else or an empty one, 413 for too many."""
    if not isinstance(value, list):
        kind = kind_of(value)
        wrong = about("body", "type", kind.en, "must be an object or a list of objects", "phải là đối tượng JSON")
        raise Problem(400, "unreadable", "Send one JSON object, or a list of them.", [error_of(wrong)])
    if not value:
        wrong = about("body", "required", "[]", "must hold at least one event", "phải có ít nhất một sự kiện")
        raise Problem(400, "unreadable", "Send at least one event.", [error_of(wrong)])
    if len(value) > most:
        raise Problem(413, "too-large", f"Send at most {most} events in one request, these are {len(value)}.")
    return value


def _exactly(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise _unreadable("a number that is too long", 1, 1) from error


def _has_decimals(contract: Contract) -> bool:
    lists = (child.fields for child in contract.children)
    return any(field.kind == "decimal" for fields in (contract.fields, *lists) for field in fields)


def _unreadable(said: str, line: int, column: int) -> Problem:
    where = f"line {line}, column {column}"
    wrong = about(
        "body", "json", where, f"is no JSON at {where}: {said}", f"không phải JSON hợp lệ tại dòng {line}, cột {column}"
    )
    return Problem(400, "unreadable", f"The body is no JSON: {said} at {where}.", [error_of(wrong)])
