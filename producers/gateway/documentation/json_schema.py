"""A contract as JSON Schema: what a client may post, for OpenAPI and for generators of code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from producers.gateway.personal import CLEAR, LONGEST
from schemas.contract import ChildList, Contract, Field, Json, Kind
from schemas.fitting import FIRST_EPOCH_MS, INT_LIMIT, LAST_EPOCH_MS, LONG_LIMIT
from schemas.pseudonym_fields import is_pseudonym

# The gateway gives an event_id, and the source of a client that has only one.
FILLED_IN = frozenset({"event_id", "source"})


def event_schema(contract: Contract) -> Json:
    """The schema of one event."""
    defaults = {field["name"] for field in contract.schema["fields"] if "default" in field}
    properties = {field.name: field_schema(field) for field in contract.fields}
    properties |= {child.name: _list_schema(child, contract) for child in contract.children}
    names = [field["name"] for field in contract.schema["fields"]]
    return {
        "type": "object",
        "title": contract.topic,
        "description": f"{contract.doc}\n\n{contract.doc_vi}",
        "properties": {name: properties[name] for name in names},
        "required": [name for name in names if name not in defaults and name not in FILLED_IN],
        "additionalProperties": False,
    }


def field_schema(field: Field) -> Json:
    """The schema of one value."""
    schema = _OF_KIND[field.kind](field)
    if is_pseudonym(field):
        clear = {"type": "string", "minLength": 1, "maxLength": LONGEST, "writeOnly": True}
        named = {"type": "object", "properties": {CLEAR: clear}, "required": [CLEAR], "additionalProperties": False}
        schema = {"anyOf": [schema, named]}
    if field.nullable:
        schema = {"anyOf": [schema, {"type": "null"}]}
    unit = f" [{field.unit}]" if field.unit else ""
    return {**schema, "description": f"{field.doc}{unit}\n\n{field.doc_vi}"}


def _list_schema(child: ChildList, contract: Contract) -> Json:
    (avro,) = [field for field in contract.schema["fields"] if field["name"] == child.name]
    defaults = {field["name"] for field in avro["type"]["items"]["fields"] if "default" in field}
    items = {
        "type": "object",
        "properties": {field.name: field_schema(field) for field in child.fields},
        "required": [field.name for field in child.fields if field.name not in defaults],
        "additionalProperties": False,
    }
    return {"type": "array", "items": items, "description": f"{child.doc}\n\n{child.doc_vi}"}


def _text(field: Field) -> Json:
    rules = {"maxLength": field.rules.max_length, "pattern": field.rules.pattern}
    return {"type": "string"} | {name: rule for name, rule in rules.items() if rule is not None}


def _whole(limit: int) -> Callable[[Field], Json]:
    return lambda field: {"type": "integer"} | _bounds(field, -limit, limit - 1)


def _number(field: Field) -> Json:
    return {"type": "number"} | _bounds(field, None, None)


def _decimal(field: Field) -> Json:
    digits = (field.precision or 0) - (field.scale or 0)
    text = {"type": "string", "pattern": rf"^[+-]?\d{{1,{digits}}}(\.\d{{1,{field.scale}}})?$"}
    return {"anyOf": [text, _number(field)]}


def _bounds(field: Field, lowest: int | None, highest: int | None) -> Json:
    bounds = {
        "minimum": lowest if field.rules.min is None else field.rules.min,
        "maximum": highest if field.rules.max is None else field.rules.max,
    }
    return {name: bound for name, bound in bounds.items() if bound is not None}


def _timestamp(_field: Field) -> Json:
    milliseconds = {"type": "integer", "minimum": FIRST_EPOCH_MS, "maximum": LAST_EPOCH_MS}
    return {"anyOf": [{"type": "string", "format": "date-time"}, milliseconds]}


_OF_KIND: Mapping[Kind, Callable[[Field], dict[str, Any]]] = {
    "uuid": lambda _: {"type": "string", "format": "uuid"},
    "string": _text,
    "int": _whole(INT_LIMIT),
    "long": _whole(LONG_LIMIT),
    "timestamp": _timestamp,
    "date": lambda _: {"type": "string", "format": "date"},
    "boolean": lambda _: {"type": "boolean"},
    "double": _number,
    "decimal": _decimal,
    "enum": lambda field: {"enum": list(field.symbols)},
}
