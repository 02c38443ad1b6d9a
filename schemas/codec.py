"""Holds events to their contract and encodes them: what the producer SDK does with an event before it sends it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

import fastavro

from infra.errors import OperatorError
from schemas.contract import Contract, Field, Json
from schemas.fitting import Fit, Reason, fit_for, unscaled_bytes
from schemas.quick_datums import quick_writer
from schemas.quick_values import Writer
from schemas.rules import HIDDEN, Check, Violation, checks_of, kind_of, show, violation

_MISSING = object()
_REQUIRED = Reason("is missing", "bị thiếu")
_PLAIN_ATTRIBUTES = ("type", "name", "namespace", "fields", "symbols", "items", "default")


class EventInvalid(OperatorError):
    """The event breaks its contract and was not sent: mend what is named; `hagiang contracts docs` describes it."""

    def __init__(self, violations: list[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"[{each.rule}] {each.message}" for each in violations))


@dataclass(frozen=True, slots=True)
class _Column:
    """A flat field, ready to judge: `default` is what stands for an absent value, `_MISSING` when one is required."""

    field: Field
    name: str
    default: Any
    fit: Fit
    checks: tuple[Check, ...]
    write: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Table:
    """The columns of the event or of one record of a list, and every name that may appear in it."""

    columns: tuple[_Column, ...]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class _List:
    name: str
    default: Any
    table: _Table


@dataclass(frozen=True)
class EventCodec:
    """Made by `prepare`, once for a contract; may be shared by threads."""

    contract: Contract
    schema: Any
    table: _Table
    lists: tuple[_List, ...]
    quick: Writer

    def check(self, event: Mapping[str, Any]) -> list[Violation]:
        """Everything that is wrong with the event, in the contract's order; empty when it may be sent."""
        found: list[Violation] = []
        self._read(event, found)
        return found

    def encode(self, event: Mapping[str, Any]) -> bytes:
        """The Avro datum of the event (JSON or Python values, see schemas/fitting.py); raises EventInvalid."""
        datum = self.quick(event)
        return self.encode_closely(event) if datum is None else datum

    def encode_closely(self, event: Mapping[str, Any]) -> bytes:
        """As `encode`, value by value: for events that are not good, or good in an unusual way."""
        found: list[Violation] = []
        record = self._read(event, found)
        if found:
            raise EventInvalid(found)
        out = io.BytesIO()
        fastavro.schemaless_writer(out, self.schema, record)
        return out.getvalue()

    def _read(self, event: Mapping[str, Any], found: list[Violation]) -> Json:
        if not isinstance(event, Mapping):
            found.append(_not_a_record("event", event))
            return {}
        record = _read_record(self.table, event, "", found)
        for each in self.lists:
            record[each.name] = _read_list(each, event.get(each.name, each.default), found)
        return record


def prepare(contract: Contract) -> EventCodec:
    """The contract's codec; takes a few milliseconds, so make it once."""
    defaults = {field["name"]: field.get("default", _MISSING) for field in contract.schema["fields"]}
    lists = tuple(
        _List(child.name, defaults[child.name], _table_of(child.fields, _item_fields(contract, child.name), ()))
        for child in contract.children
    )
    return EventCodec(
        contract=contract,
        schema=fastavro.parse_schema(_plain(contract.schema)),
        table=_table_of(contract.fields, contract.schema["fields"], tuple(each.name for each in lists)),
        lists=lists,
        quick=quick_writer(contract),
    )


def violations(contract: Contract, event: Mapping[str, Any]) -> list[Violation]:
    """Everything that is wrong with one event; for many of them, keep what `prepare` gives."""
    return prepare(contract).check(event)


def _item_fields(contract: Contract, name: str) -> list[Json]:
    found = next(field for field in contract.schema["fields"] if field["name"] == name)
    return cast("list[Json]", found["type"]["items"]["fields"])


def _table_of(fields: tuple[Field, ...], avro: list[Json], lists: tuple[str, ...]) -> _Table:
    defaults = {field["name"]: field.get("default", _MISSING) for field in avro}
    columns = tuple(_column_of(field, defaults[field.name]) for field in fields)
    return _Table(columns, frozenset([*(field.name for field in fields), *lists]))


def _column_of(field: Field, default: Any) -> _Column:
    scale = field.scale
    write = None if scale is None else lambda value: unscaled_bytes(value, scale)
    return _Column(field, field.name, default, fit_for(field), tuple(checks_of(field)), write)


def _plain(avro: Any) -> Any:
    """The schema without logical types and our attributes: the same bytes, and values are converted only once."""
    if isinstance(avro, dict):
        return {key: _plain(value) for key, value in avro.items() if key in _PLAIN_ATTRIBUTES}
    return [_plain(part) for part in avro] if isinstance(avro, list) else avro


def _read_record(table: _Table, event: Mapping[str, Any], at: str, found: list[Violation]) -> Json:
    """The record to write; what is wrong is added to `found`, and the record then is of no use."""
    record: Json = {}
    for column in table.columns:
        value = event.get(column.name)
        if value is None:
            record[column.name] = None if column.default is _MISSING else column.default
            if not column.field.nullable and (column.default is _MISSING or column.name in event):
                found.append(_missing(at + column.name))
            continue
        typed = column.fit(value)
        if typed.__class__ is Reason:
            found.append(violation(column.field, at + column.name, _fit_rule(column.field), value, typed))
            continue
        for check in column.checks:
            if check.breaks(typed):
                found.append(violation(column.field, at + column.name, check.rule, value, check.reason))  # noqa: PERF401 (a generator for each field costs more)
        record[column.name] = typed if column.write is None else column.write(typed)
    if not event.keys() <= table.names:
        found.extend(_unknown(at, name, table.names) for name in event if name not in table.names)
    return record


def _read_list(each: _List, value: Any, found: list[Violation]) -> Any:
    if value is _MISSING or value is None:
        found.append(_missing(each.name))
        return None
    if not isinstance(value, list | tuple):
        found.append(_not_a_list(each.name, value))
        return None
    return [_read_item(each, number, item, found) for number, item in enumerate(value)]


def _read_item(each: _List, number: int, item: Any, found: list[Violation]) -> Any:
    at = f"{each.name}[{number}]"
    if not isinstance(item, Mapping):
        found.append(_not_a_record(at, item))
        return None
    return _read_record(each.table, item, f"{at}.", found)


def _fit_rule(field: Field) -> str:
    return "enum" if field.kind == "enum" else "type"


def _missing(at: str) -> Violation:
    return Violation(at, "required", "null", f"{at} is missing", f"thiếu {at}")


def _unknown(at: str, name: Any, known: frozenset[str]) -> Violation:
    shown = show(name) if not isinstance(name, str) else name[:80]
    near = get_close_matches(shown, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    hint_vi = f"; có phải là {near[0]}?" if near else ""
    return Violation(
        field=at + shown,
        rule="unknown_field",
        value=HIDDEN,
        message=f"{at}{shown} is no field of the contract{hint}",
        message_vi=f"{at}{shown} không phải là trường của hợp đồng dữ liệu{hint_vi}",
    )


def _not_a_record(at: str, value: Any) -> Violation:
    kind = kind_of(value)
    message = f"{at} must be an object with named fields, is {kind.en}"
    return Violation(at, "type", kind.en, message, f"{at} phải là đối tượng có tên trường, đang là {kind.vi}")


def _not_a_list(at: str, value: Any) -> Violation:
    kind = kind_of(value)
    message = f"{at} must be a list of objects, is {kind.en}"
    return Violation(at, "type", kind.en, message, f"{at} phải là danh sách đối tượng, đang là {kind.vi}")
