"""Columns of a landed file, resolved to today's contract whatever schema the producer wrote with.

Fields the writer did not know get the contract's default, fields the contract does not know are left out. Types do not
change between versions, since the registry keeps every subject FULL_TRANSITIVE.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

from consumers.warehouse.faults import Fault
from consumers.warehouse.storable import sort_out
from consumers.warehouse.uuids import uuid_bytes
from infra.errors import OperatorError
from schemas.contract import Contract, Field, Json, Kind

_DECIMAL128_DIGITS = 38
_ARROW: Mapping[Kind, pa.DataType] = {
    "uuid": pa.binary(),
    "string": pa.string(),
    "enum": pa.string(),
    "int": pa.int32(),
    "long": pa.int64(),
    "timestamp": pa.timestamp("ms", "UTC"),
    "date": pa.date32(),
    "boolean": pa.bool_(),
    "double": pa.float64(),
}


class TypeChanged(OperatorError):
    """A landed file's field has another type than the contract's: someone registered a breaking change as a version."""


def resolve_fields(
    columns: Mapping[str, pa.Array], fields: tuple[Field, ...], schema: Json, rows: int, path: str = ""
) -> tuple[dict[str, pa.Array], list[Fault]]:
    """A column for each of `fields`, with nulls for what cannot be stored, and the faults found on the way.

    `schema` is the Avro record that holds the fields (for their defaults); `path` is put before names in reasons.
    """
    defaults = {field["name"]: field.get("default") for field in schema["fields"]}
    resolved: dict[str, pa.Array] = {}
    faults: list[Fault] = []
    for field in fields:
        found = columns.get(field.name)
        column = default_column(field, defaults[field.name], rows) if found is None else as_type_of(found, field)
        resolved[field.name], at_fault = sort_out(column, field, path + field.name)
        faults += at_fault
    return resolved, faults


def record_of(contract: Contract, child: str) -> Json:
    """The Avro record in the list `child` of the contract."""
    record: Json = next(field for field in contract.schema["fields"] if field["name"] == child)["type"]["items"]
    return record


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type that ADBC copies into the field's column."""
    if field.kind == "decimal":
        make = pa.decimal128 if (field.precision or 0) <= _DECIMAL128_DIGITS else pa.decimal256
        return make(field.precision, field.scale)
    return _ARROW[field.kind]


def as_type_of(column: pa.Array, field: Field) -> pa.Array:
    """The decoded column in the field's Arrow type; raises TypeChanged."""
    try:
        return uuid_bytes(column) if field.kind == "uuid" else column.cast(arrow_type(field))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise TypeChanged(f"{field.name} is {column.type} there: {error}") from error


def default_column(field: Field, default: Any, rows: int) -> pa.Array:
    """The contract's default for every row, as it stands in the `.avsc`."""
    if default is None:
        return pa.nulls(rows, arrow_type(field))
    value = _DEFAULTS.get(field.kind, _as_it_is)(default, field)
    return pa.repeat(pa.scalar(value, arrow_type(field)), rows)


def _as_it_is(default: Any, _field: Field) -> Any:
    return default


def _decimal(default: str, field: Field) -> Decimal:
    """Avro writes the default of bytes as text, one character a byte."""
    return Decimal(int.from_bytes(default.encode("latin-1"), signed=True)).scaleb(-(field.scale or 0))


_DEFAULTS: Mapping[Kind, Callable[[Any, Field], Any]] = {
    "uuid": lambda default, _: UUID(default).bytes,
    "decimal": _decimal,
}
