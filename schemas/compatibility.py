"""What changed between two versions of a contract, and whether readers and writers of both can go on together.

FULL_TRANSITIVE in short: every version must read every other. For the few types a contract may use, that leaves: a
field may come or go when it has a default; an enum's symbols may change when the side that lacks one has a default.
Avro looks at shapes alone, so three changes that it lets pass break here too: another logical type (or decimal
precision), another unit, another key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from infra.errors import OperatorError
from schemas.contract import Contract, Json

_RECORD_ATTRIBUTES = ("doc", "doc_vi", "owner", "key", "producers", "retention_days", "keep", "partitions", "breaker")
_FIELD_ATTRIBUTES = ("doc", "doc_vi", "unit", "personal_data", "rules", "default")
_BREAKING_ATTRIBUTES = ("key", "unit")
_ABSENT = object()

Enums = Mapping[str, Json]


class BreakingChange(OperatorError):
    """The contract breaks a released version: undo the change, or publish it as an event of a new name."""


@dataclass(frozen=True)
class Change:
    """One difference, at a field (`lines.quantity`) or at the record (empty); `what` is the rest of the sentence."""

    where: str
    what: str
    breaking: bool

    def __str__(self) -> str:
        return f"{self.where or 'the event'} {self.what}"


@dataclass(frozen=True)
class Break:
    """A change that a released version does not survive."""

    version: int
    change: Change

    def __str__(self) -> str:
        return f"against version {self.version}: {self.change}"


def breaks(current: Contract, released: Sequence[Contract]) -> list[Break]:
    """Every change of `current` that breaks one of the released versions; empty when it is FULL_TRANSITIVE."""
    return [
        Break(version.version, change)
        for version in released
        for change in changes(version.schema, current.schema)
        if change.breaking
    ]


def changes(old: Json, new: Json) -> list[Change]:
    """What is different in `new`, in its own order; both are schemas of contracts. The version is left out."""
    names = [f"{schema.get('namespace')}.{schema['name']}" for schema in (old, new)]
    renamed = [Change("", f"was called {names[0]} and is called {names[1]}", True)] if names[0] != names[1] else []
    fields = _field_changes("", old["fields"], new["fields"], enums_in(old), enums_in(new))
    return [*renamed, *_attribute_changes("", old, new, _RECORD_ATTRIBUTES), *fields]


def enums_in(schema: Json) -> dict[str, Json]:
    """The enums that a schema defines, by name: a later field may refer to one by its name alone."""
    found: dict[str, Json] = {}
    for field in schema["fields"]:
        for branch in _branches(field["type"]):
            if isinstance(branch, dict) and branch["type"] == "enum":
                found[branch["name"]] = branch
            if isinstance(branch, dict) and branch["type"] == "array":
                found |= enums_in(branch["items"])
    return found


def _field_changes(at: str, old: list[Json], new: list[Json], was: Enums, now: Enums) -> Iterator[Change]:
    before = {field["name"]: field for field in old}
    after = {field["name"]: field for field in new}
    for name, field in after.items():
        if name not in before:
            yield Change(at + name, *_coming_or_going("was added", field))
        else:
            yield from _attribute_changes(at + name, before[name], field, _FIELD_ATTRIBUTES)
            yield from _type_changes(at + name, before[name]["type"], field["type"], was, now)
    for name in (name for name in before if name not in after):
        yield Change(at + name, *_coming_or_going("was removed", before[name]))


def _coming_or_going(verb: str, field: Json) -> tuple[str, bool]:
    return (verb, False) if "default" in field else (f"{verb} and has no default", True)


def _attribute_changes(where: str, old: Json, new: Json, attributes: Sequence[str]) -> Iterator[Change]:
    for attribute in attributes:
        before, after = old.get(attribute, _ABSENT), new.get(attribute, _ABSENT)
        if before != after:
            what = f"has another {attribute}: {_shown(after)} in place of {_shown(before)}"
            yield Change(where, what, attribute in _BREAKING_ATTRIBUTES)


def _shown(attribute: Any) -> str:
    return "nothing" if attribute is _ABSENT else json.dumps(attribute, ensure_ascii=False)


def _type_changes(where: str, old: Any, new: Any, was: Enums, now: Enums) -> Iterator[Change]:
    shapes = shape(old, was), shape(new, now)
    if shapes[0] != shapes[1]:
        yield Change(where, f"was {shapes[0]} and is {shapes[1]}", True)
        return
    before, after = _core(old, was), _core(new, now)
    if shapes[0].startswith("list of "):
        yield from _field_changes(f"{where}.", before["items"]["fields"], after["items"]["fields"], was, now)
    elif isinstance(before, dict) and before["type"] == "enum":
        yield from _symbol_changes(where, before, after)


def _symbol_changes(where: str, old: Json, new: Json) -> Iterator[Change]:
    """The version that lacks a symbol can read it only as its enum's default."""
    added = [symbol for symbol in new["symbols"] if symbol not in old["symbols"]]
    removed = [symbol for symbol in old["symbols"] if symbol not in new["symbols"]]
    if added:
        yield Change(where, f"has new symbols: {', '.join(added)}", "default" not in old)
    if removed:
        yield Change(where, f"has lost symbols: {', '.join(removed)}", "default" not in new)


def shape(avro: Any, enums: Enums) -> str:
    """The type in words: `null or long (timestamp-millis)`, `decimal(12,2)`, `enum Channel`, `list of OrderLine`."""
    if isinstance(avro, list):
        return " or ".join(shape(branch, enums) for branch in avro)
    avro = enums.get(avro, avro) if isinstance(avro, str) else avro
    if isinstance(avro, str):
        return avro
    if avro["type"] == "enum":
        return f"enum {avro['name']}"
    if avro["type"] == "array":
        return f"list of {avro['items']['name']}"
    if avro.get("logicalType") == "decimal":
        return f"decimal({avro['precision']},{avro.get('scale', 0)})"
    return f"{avro['type']} ({avro['logicalType']})" if "logicalType" in avro else str(avro["type"])


def _core(avro: Any, enums: Enums) -> Any:
    """The type beside null, with an enum's definition in place of its name."""
    core = next(branch for branch in _branches(avro) if branch != "null")
    return enums.get(core, core) if isinstance(core, str) else core


def _branches(avro: Any) -> list[Any]:
    return avro if isinstance(avro, list) else [avro]
