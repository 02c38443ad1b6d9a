"""The quick way from a good event to its datum: each value is judged and written in one step (ADR 0706).

`schemas/codec.py` says what is good. Here a value is either written, in the very bytes that the codec would write, or
left to the codec, which then finds what is wrong or writes what is unusual. So this module may know less than the
codec, never more: a test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from schemas.avro_bytes import long_bytes
from schemas.contract import Contract, Field, Json
from schemas.quick_values import NULL, Writer, writer_of

_LIST_END = b"\0"
_PLAIN_DEFAULTS = ("string", "int", "long", "boolean", "double", "enum")


class _Part(NamedTuple):
    """A field: what writes its values, and what stands for it when it is null or is not there."""

    name: str
    write: Writer
    null: bytes | None
    absent: bytes | None


def quick_writer(contract: Contract) -> Writer:
    """Writes the datums of events that are plain dictionaries; None for those that the codec must look at."""
    write = _record_writer(_parts(contract.schema["fields"], contract))

    def quick(event: Any) -> bytes | None:
        try:
            return write(event)
        except (TypeError, ValueError):  # a symbol that cannot be looked up, a text that is no Unicode
            return None

    return quick


def _record_writer(parts: Sequence[_Part]) -> Writer:
    names = frozenset(part.name for part in parts)

    def write(record: Any) -> bytes | None:
        if record.__class__ is not dict or not record.keys() <= names:
            return None
        pieces = []
        for name, write_value, null, absent in parts:
            value = record.get(name)
            piece = (null if name in record else absent) if value is None else write_value(value)
            if piece is None:
                return None
            pieces.append(piece)
        return b"".join(pieces)

    return write


def _list_writer(parts: Sequence[_Part]) -> Writer:
    write_item = _record_writer(parts)

    def write(items: Any) -> bytes | None:
        if items.__class__ is not list:
            return None
        pieces = [long_bytes(len(items))] if items else []
        for item in items:
            piece = write_item(item)
            if piece is None:
                return None
            pieces.append(piece)
        pieces.append(_LIST_END)
        return b"".join(pieces)

    return write


def _parts(fields: Sequence[Json], contract: Contract) -> list[_Part]:
    """The event's fields in the order of its schema, lists among them."""
    flat = {field.name: field for field in contract.fields}
    lists = {child.name: child.fields for child in contract.children}
    return [
        _flat_part(flat[avro["name"]], avro) if avro["name"] in flat else _list_part(lists[avro["name"]], avro)
        for avro in fields
    ]


def _list_part(fields: Sequence[Field], avro: Json) -> _Part:
    parts = [_flat_part(field, own) for field, own in zip(fields, avro["type"]["items"]["fields"], strict=True)]
    return _Part(avro["name"], _list_writer(parts), None, _LIST_END if avro.get("default") == [] else None)


def _flat_part(field: Field, avro: Json) -> _Part:
    if field.nullable:
        return _Part(field.name, writer_of(field), NULL, NULL)
    write, default = writer_of(field), avro.get("default")
    written = default is not None and field.kind in _PLAIN_DEFAULTS
    return _Part(field.name, write, None, write(default) if written else None)
