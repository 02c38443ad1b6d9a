"""JSON bodies: quick to read, no number is changed on the way, and no key is dropped."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import orjson

from producers.gateway.problems import Problem, about, unreadable
from producers.mistaken_bodies import mistake_in
from producers.repeated_keys import KeyRepeated, check_keys
from schemas.contract import Contract
from schemas.rules import kind_of

# More digits than a double holds for certain; quick JSON readers round such numbers without a word.
_LONG_NUMBER = re.compile(rb"[0-9][0-9.]{15}")


def parse_json(body: bytes, *, exact: bool = True) -> Any:
    """The value; raises Problem 400 that tells line and column. `exact` keeps decimals of many digits as they are."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _unreadable(body, error.msg, error.lineno, error.colno) from error
    try:
        check_keys(body, value)
    except KeyRepeated as error:
        raise _repeated(str(error)) from error
    return _exactly(body) if exact and _LONG_NUMBER.search(body) else value


def events_in(body: bytes, contract: Contract, most: int) -> list[Any]:
    """The events of a body that holds one object or a list of them; raises Problem 400, 413."""
    value = parse_json(body, exact=_has_decimals(contract))
    if isinstance(value, dict):
        return [value]
    return listed(value, most)


def cloud_events_in(body: bytes, most: int) -> list[Any]:
    """The envelopes of a batch; raises Problem 400, 413."""
    value = parse_json(body)
    if isinstance(value, dict):
        said = "must be a list of CloudEvents; one alone goes as Content-Type: application/cloudevents+json"
        said_vi = "phải là danh sách CloudEvent; một CloudEvent gửi với Content-Type: application/cloudevents+json"
        raise unreadable([about("body", "type", kind_of(value).en, said, said_vi)])
    return listed(value, most)


def listed(value: Any, most: int) -> list[Any]:
    """The items of a list; raises Problem 400 for anything else or an empty one, 413 for too many."""
    if not isinstance(value, list):
        kind = kind_of(value)
        said = f"must be an object or a list of objects, is {kind.en}"
        said_vi = f"phải là đối tượng JSON hoặc danh sách đối tượng, đang là {kind.vi}"
        raise unreadable([about("body", "type", kind.en, said, said_vi)])
    if not value:
        said, said_vi = "is an empty list: send at least one event", "là danh sách rỗng: gửi ít nhất một sự kiện"
        raise unreadable([about("body", "required", "[]", said, said_vi)])
    if len(value) > most:
        raise Problem(
            413,
            "too-large",
            f"Send at most {most} events in one request, these are {len(value)}.",
            detail_vi=f"Mỗi yêu cầu chỉ gửi tối đa {most} sự kiện, ở đây có {len(value)}.",
        )
    return value


def _exactly(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        said, said_vi = "has a number of too many digits", "có số quá dài"
        raise unreadable([about("body", "json", "***", said, said_vi)]) from error


def _has_decimals(contract: Contract) -> bool:
    lists = (child.fields for child in contract.children)
    return any(field.kind == "decimal" for fields in (contract.fields, *lists) for field in fields)


def _repeated(key: str) -> Problem:
    said = f"has the key {key} twice in one object: only one of the two can be meant"
    said_vi = f"có khóa {key} hai lần trong cùng một đối tượng: chỉ giữ một"
    return unreadable([about("body", "repeated_key", key, said, said_vi)])


def _unreadable(body: bytes, said: str, line: int, column: int) -> Problem:
    where = f"line {line}, column {column}"
    seen = mistake_in(body, "JSON")
    if seen:
        wrong = about("body", "json", where, seen.en, seen.vi)
    else:
        told, told_vi = f"is no JSON at {where}: {said}", f"không phải JSON hợp lệ tại dòng {line}, cột {column}"
        wrong = about("body", "json", where, told, told_vi)
    return unreadable([wrong])
