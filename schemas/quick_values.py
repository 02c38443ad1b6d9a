"""Writers of single values for schemas/quick_datums.py.

They are closures with little in them, since a gateway calls twenty of them for each event: the branch of a nullable
field's union comes in the same step, and the size of a short text from a table.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from schemas.avro_bytes import SMALL, double_bytes, long_bytes
from schemas.contract import Field, Rules
from schemas.fitting import EPOCH, INT_LIMIT, LONG_LIMIT, MILLISECOND, UUID_TEXT, Reason, fit_for, unscaled_bytes
from schemas.rules import checks_of, compiled

Writer = Callable[[Any], bytes | None]
"""Gives a value's bytes. None, TypeError and ValueError leave it to the codec."""

NULL, _VALUE = b"\0", b"\2"  # the branches of a union; contracts have no other than [null, type]
_SMALL = len(SMALL)
_UNLIMITED = 1 << 62
_DAY_LENGTH = 10
_DAYS_KEPT = 4096


def writer_of(field: Field) -> Writer:
    """Writes values of the field that are not null, those that keep to its kind and rules."""
    branch = _VALUE if field.nullable else b""
    if field.kind == "string":
        return _text_writer(field.rules, branch)
    if field.kind in ("int", "long"):
        return _number_writer(field.rules, INT_LIMIT if field.kind == "int" else LONG_LIMIT, branch)
    if field.kind == "boolean":
        true, false = branch + b"\1", branch + b"\0"
        return lambda value: true if value is True else false if value is False else None
    if field.kind == "enum":
        return {symbol: branch + long_bytes(number) for number, symbol in enumerate(field.symbols)}.get
    return _fitting_writer(field, branch)


def _text_writer(rules: Rules, branch: bytes) -> Writer:
    longest = _UNLIMITED if rules.max_length is None else rules.max_length
    matches = None if rules.pattern is None else compiled(rules.pattern).fullmatch
    sizes = tuple(branch + size for size in SMALL)

    def write(value: Any) -> bytes | None:
        if value.__class__ is not str or len(value) > longest or "\0" in value:
            return None
        if matches is not None and matches(value) is None:
            return None
        encoded: bytes = value.encode()
        size = len(encoded)
        return (sizes[size] if size < _SMALL else branch + long_bytes(size)) + encoded

    return write


def _number_writer(rules: Rules, limit: int, branch: bytes) -> Writer:
    least = -limit if rules.min is None else max(-limit, rules.min)
    most = limit - 1 if rules.max is None else min(limit - 1, rules.max)
    small = tuple(branch + number for number in SMALL)

    def write(value: Any) -> bytes | None:
        if value.__class__ is not int or not least <= value <= most:
            return None
        return small[value] if 0 <= value < _SMALL else branch + long_bytes(value)

    return write


def _fitting_writer(field: Field, branch: bytes) -> Writer:
    """By the codec's own way to fit values, but for the usual form of the frequent kinds."""
    fit, to_bytes = fit_for(field), _to_bytes(field)
    breaks = tuple(check.breaks for check in checks_of(field))

    def write(value: Any) -> bytes | None:
        typed = fit(value)
        if typed.__class__ is Reason or any(broken(typed) for broken in breaks):
            return None
        return branch + to_bytes(typed)

    if field.kind == "uuid" and not breaks:
        return _uuid_writer(branch)
    if field.kind == "timestamp" and not breaks:
        return _timestamp_writer(write, branch)
    return _day_writer(write) if field.kind == "date" else write


def _uuid_writer(branch: bytes) -> Writer:
    size = branch + long_bytes(36)

    def write(value: Any) -> bytes | None:
        # A UUID object raises TypeError here.
        return size + value.lower().encode() if UUID_TEXT.fullmatch(value) else None

    return write


def _timestamp_writer(otherwise: Writer, branch: bytes) -> Writer:
    read = datetime.fromisoformat

    def write(value: Any) -> bytes | None:
        if value.__class__ is not str:
            return otherwise(value)
        # Raises TypeError for a time without a UTC offset.
        return branch + long_bytes((read(value) - EPOCH) // MILLISECOND)

    return write


def _day_writer(write: Writer) -> Writer:
    """Most events are of few days, so these are kept."""
    of_text = lru_cache(_DAYS_KEPT)(write)
    return lambda value: of_text(value) if value.__class__ is str and len(value) == _DAY_LENGTH else write(value)


def _to_bytes(field: Field) -> Callable[[Any], bytes]:
    if field.kind == "uuid":
        return lambda text: _sized(text.encode())
    if field.kind == "double":
        return double_bytes
    if field.kind == "decimal":
        scale = field.scale or 0
        return lambda number: _sized(unscaled_bytes(number, scale))
    return long_bytes


def _sized(content: bytes) -> bytes:
    return long_bytes(len(content)) + content
