"""Checks of a contract's fields: attributes, documentation, personal-data class, names and types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, get_args

from schemas.contract import ContractInvalid, Json, PersonalData, Rules, parse_field
from schemas.findings import Remark, nearest, unknown_attributes
from schemas.lint_rules import default_remarks, rule_remarks

RESERVED = ("kafka_partition", "kafka_offset", "kafka_timestamp", "schema_id", "load_id", "line_no")

_REQUIRED = ("name", "type", "doc", "doc_vi", "personal_data")
_OPTIONAL = ("unit", "rules", "default")
_TYPE_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "string": ("type", "logicalType"),
    "int": ("type", "logicalType"),
    "long": ("type", "logicalType"),
    "bytes": ("type", "logicalType", "precision", "scale"),
    "enum": ("type", "name", "symbols", "default"),
    "array": ("type", "items"),
    "record": ("type", "name", "fields"),
}
_ANY_TYPE_ATTRIBUTE = ("type", "logicalType", "precision", "scale", "name", "symbols", "items", "fields")
_RULE_NAMES = tuple(rule.name for rule in fields(Rules))
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CAMEL = re.compile(r"([A-Z][a-z0-9]*)+")


def documentation(where: str, found: Json) -> Iterator[Remark]:
    """Documented in both languages, in sentences; the Vietnamese one has Vietnamese letters."""
    doc, doc_vi = str(found["doc"]).strip(), str(found["doc_vi"]).strip()
    for attribute, text in (("doc", doc), ("doc_vi", doc_vi)):
        if not text.endswith("."):
            yield Remark(where or attribute, f"{attribute} is no sentence", "Describe it, and end with a full stop")
    if doc_vi and doc_vi.isascii():
        yield Remark(where or "doc_vi", "doc_vi is not Vietnamese", "Describe it in Vietnamese, with its diacritics")


def field_remarks(at: str, avro: list[Json], enums: dict[str, Json]) -> Iterator[Remark]:
    """Everything to mend in the fields of a record; `at` is `lines.` for those of a list's records."""
    for name, times in Counter(str(field.get("name")) for field in avro).items():
        if times > 1:
            yield Remark(at + name, f"occurs {times} times", "Give each field its own name")
    for field in avro:
        where = at + str(field.get("name"))
        yield from unknown_attributes(where, field, (*_REQUIRED, *_OPTIONAL))
        missing = [attribute for attribute in _REQUIRED if attribute not in field]
        for attribute in missing:
            yield Remark(where, f"{attribute} is missing", "Add it; schemas/contract.py describes each attribute")
        if not missing:
            yield from _field(where, field, enums, nested=bool(at))


def _field(where: str, field: Json, enums: dict[str, Json], *, nested: bool) -> Iterator[Remark]:
    yield from _name(where, field["name"], nested=nested)
    yield from documentation(where, field)
    if field["personal_data"] not in get_args(PersonalData):
        yield Remark(where, f"personal_data {field['personal_data']!r} is no class", f"Known are {_classes()}")
    core = next((branch for branch in _branches(field["type"]) if branch != "null"), None)
    yield from _definition(where, core)
    if isinstance(core, dict) and core.get("type") == "array":
        yield from _list(where, field, core, enums, nested=nested)
        return
    if isinstance(core, dict) and core.get("type") == "enum":
        enums[str(core.get("name"))] = core
    yield from _flat(where, field, enums)


def _classes() -> str:
    return ", ".join(get_args(PersonalData))


def _branches(avro: Any) -> list[Any]:
    return avro if isinstance(avro, list) else [avro]


def _name(where: str, name: str, *, nested: bool) -> Iterator[Remark]:
    if not _SNAKE.fullmatch(name):
        yield Remark(where, "is not snake_case", "Rename it")
    if name in RESERVED or (nested and name == "event_id"):
        yield Remark(where, "is a column that the warehouse adds itself", "Rename it")


def _definition(where: str, core: Any) -> Iterator[Remark]:
    """Names and attributes of a type that is written as an object."""
    if not isinstance(core, dict):
        return
    yield from unknown_attributes(where, core, _TYPE_ATTRIBUTES.get(str(core.get("type")), _ANY_TYPE_ATTRIBUTE))
    if core.get("type") in ("enum", "record") and not _CAMEL.fullmatch(str(core.get("name"))):
        yield Remark(where, f"the {core['type']}'s name {core.get('name')} is not CamelCase", "Rename it")
    if core.get("type") == "enum":
        yield from _symbols(where, core)


def _symbols(where: str, enum: Json) -> Iterator[Remark]:
    symbols = enum.get("symbols") or []
    if not symbols or len(set(symbols)) != len(symbols):
        yield Remark(where, "has no symbols, or one of them twice", "List each symbol once")
    for symbol in symbols:
        if not _SNAKE.fullmatch(str(symbol)):
            yield Remark(where, f"the symbol {symbol} is not snake_case", "Rename it")
    if "default" in enum and enum["default"] not in symbols:
        yield Remark(where, f"the default {enum['default']} is no symbol", nearest(str(enum["default"]), symbols))


def _list(where: str, field: Json, core: Json, enums: dict[str, Json], *, nested: bool) -> Iterator[Remark]:
    if nested or isinstance(field["type"], list):
        yield Remark(where, "a list may stand at the top only, and is never null", "Make it empty in place of null")
    if field.get("default", []) != []:
        yield Remark(where, "the default of a list must be empty", "Make it []")
    for attribute in ("rules", "unit"):
        if attribute in field:
            yield Remark(where, f"a list has no {attribute}", f"Give {attribute} to the fields of its records")
    items = core.get("items")
    if not isinstance(items, dict) or items.get("type") != "record" or not items.get("fields"):
        yield Remark(where, "a list must hold records", "Describe its items as a record with fields")
        return
    yield from _definition(where, items)
    yield from field_remarks(f"{where}.", items["fields"], enums)


def _flat(where: str, avro: Json, enums: dict[str, Json]) -> Iterator[Remark]:
    rules = avro.get("rules", {})
    if not isinstance(rules, dict):
        yield Remark(where, "rules is no object", f"Write its rules by name: {', '.join(_RULE_NAMES)}")
        return
    unknown = list(unknown_attributes(where, rules, _RULE_NAMES))
    if unknown:
        yield from unknown
        return
    try:
        field = parse_field(avro, enums)
    except (ContractInvalid, KeyError) as error:
        found = error.found if isinstance(error, ContractInvalid) else f"its type lacks {error}"
        yield Remark(where, found, "See the types in schemas/contract.py")
        return
    yield from rule_remarks(where, field)
    yield from default_remarks(where, field, avro)
