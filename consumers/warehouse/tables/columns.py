"""A contract's fields as columns of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Double, Integer, Numeric, Text, Uuid
from sqlalchemy.types import TypeEngine

from schemas.contract import ChildList, Contract, Field, Kind

# What the platform adds to an event's own fields; no field of a contract may have one of these names.
POSITION = ("kafka_partition", "kafka_offset")
LINEAGE = (*POSITION, "schema_id", "load_id", "kafka_timestamp")
LINE_NO = "line_no"

_TYPES: Mapping[Kind, Callable[[Field], TypeEngine[Any]]] = {
    "uuid": lambda _: Uuid(),
    "string": lambda _: Text(),
    "enum": lambda _: Text(),
    "int": lambda _: Integer(),
    "long": lambda _: BigInteger(),
    "timestamp": lambda _: DateTime(timezone=True),
    "date": lambda _: Date(),
    "boolean": lambda _: Boolean(),
    "double": lambda _: Double(),
    "decimal": lambda field: Numeric(field.precision, field.scale),
}


def column_type(field: Field) -> TypeEngine[Any]:
    """The type of the field's column."""
    return _TYPES[field.kind](field)


def field_column(field: Field, *, nullable: bool | None = None, primary_key: bool = False) -> Column[Any]:
    """The field's column with its COMMENT; nullable as the contract says unless told otherwise."""
    return Column(
        field.name,
        column_type(field),
        nullable=field.nullable if nullable is None else nullable,
        primary_key=primary_key,
        comment=field_comment(field),
    )


def field_comment(field: Field) -> str:
    """`English (unit) / tiếng Việt`."""
    unit = f" ({field.unit})" if field.unit else ""
    return f"{field.doc}{unit} / {field.doc_vi}"


def table_comment(described: Contract | ChildList) -> str:
    """`English / tiếng Việt`."""
    return f"{described.doc} / {described.doc_vi}"
