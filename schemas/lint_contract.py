"""Checks of one contract's record: attributes, documentation, ownership, names and ranges. No files are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.contract import ENVELOPE, Json
from schemas.findings import Remark, nearest, unknown_attributes
from schemas.lint_fields import documentation, field_remarks
from schemas.lint_keep import keep_remarks

DOMAINS = ("government", "society", "economy", "fpt", "marketplace")
PRODUCERS = ("agency", "fpt", "marketplace", "partner")
PARTITIONS = range(1, 49)
RETENTION_DAYS = range(7, 366)
LONGEST_IDENTIFIER = 63  # PostgreSQL cuts longer names off without an error
LOAD_ID_DIGITS = 12

_REQUIRED = (
    *("type", "name", "namespace", "doc", "doc_vi", "owner", "key"),
    *("producers", "retention_days", "partitions", "version", "fields"),
)
_OPTIONAL = ("breaker", "keep")
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ENVELOPE_TYPES = {
    "event_id": {"type": "string", "logicalType": "uuid"},
    "occurred_at": {"type": "long", "logicalType": "timestamp-millis"},
    "source": "string",
    "synthetic": "boolean",
}
_KEY_TYPES = ("string", "int", "long", _ENVELOPE_TYPES["event_id"])


@dataclass(frozen=True)
class Named:
    """A schema with the domain and event that its path gives it."""

    domain: str
    event: str
    schema: Json


def record_remarks(named: Named) -> Iterator[Remark]:
    """Everything to mend in one schema that is a JSON object; a missing attribute hides what else depends on it."""
    schema = named.schema
    yield from unknown_attributes("", schema, (*_REQUIRED, *_OPTIONAL))
    missing = [attribute for attribute in _REQUIRED if attribute not in schema]
    for attribute in missing:
        yield Remark(attribute, "is missing", "Add it; schemas/contract.py describes each attribute")
    if missing:
        return
    own = [schema.get(attribute, {}) for attribute in _OPTIONAL]
    if not _are_objects(schema["fields"]) or not _are_objects(own):
        what = "its fields are no list of objects, or its breaker or keep is no object"
        yield Remark("", what, "See schemas/contract.py")
        return
    yield from _names(named)
    yield from documentation("", schema)
    yield from _grain(schema)
    yield from _ownership(schema)
    yield from _ranges(schema)
    yield from _breaker(schema.get("breaker", {}))
    yield from keep_remarks(schema)
    yield from _envelope(schema)
    yield from _key(schema)
    yield from field_remarks("", schema["fields"], {})


def _are_objects(fields: Any) -> bool:
    return isinstance(fields, list) and all(isinstance(field, dict) for field in fields)


def _names(named: Named) -> Iterator[Remark]:
    if named.domain not in DOMAINS:
        yield Remark("", f"{named.domain} is no domain", nearest(named.domain, DOMAINS))
    if not _SNAKE.fullmatch(named.event):
        yield Remark("", f"the event's name {named.event} is not snake_case", "Rename the file, in the past tense")
    lists = [f["name"] for f in named.schema["fields"] if isinstance(f.get("type"), dict) and "items" in f["type"]]
    longest = len(named.event) + len("__") + LOAD_ID_DIGITS + len("_") + max(map(len, [*lists, "verdict"]))
    if longest > LONGEST_IDENTIFIER:
        excess = longest - LONGEST_IDENTIFIER
        yield Remark("", f"names of its staging tables would be {excess} too long for PostgreSQL", "Shorten its name")


def _grain(schema: Json) -> Iterator[Remark]:
    for attribute, phrase in (("doc", "one event is"), ("doc_vi", "mỗi sự kiện là")):
        if phrase not in str(schema[attribute]):
            yield Remark(
                attribute, f"does not tell the grain: {phrase!r} is not in it", "Say what one event stands for"
            )


def _ownership(schema: Json) -> Iterator[Remark]:
    if not _KEBAB.fullmatch(str(schema["owner"])):
        yield Remark("owner", f"{schema['owner']!r} is not kebab-case", "Name the unit, such as public-service-centre")
    producers = schema["producers"]
    if not isinstance(producers, list) or not producers or len(set(producers)) != len(producers):
        yield Remark("producers", "is not a list of different producers", f"Choose from {', '.join(PRODUCERS)}")
        return
    for producer in producers:
        if producer not in PRODUCERS:
            yield Remark("producers", f"{producer} is not among them", nearest(str(producer), PRODUCERS))


def _ranges(schema: Json) -> Iterator[Remark]:
    allowed = {"partitions": PARTITIONS, "retention_days": RETENTION_DAYS, "version": range(1, 10_000)}
    for attribute, values in allowed.items():
        value = schema[attribute]
        if type(value) is not int or value not in values:
            limits = f"{values.start} to {values.stop - 1}"
            yield Remark(attribute, f"{value!r} is not a whole number from {limits}", "Choose one in that range")


def _breaker(breaker: Json) -> Iterator[Remark]:
    yield from unknown_attributes("breaker", breaker, ("share", "rows"))
    share, rows = breaker.get("share", 0.5), breaker.get("rows", 1)
    if not isinstance(share, int | float) or not 0 < share <= 1:
        yield Remark("breaker", "its share is not above 0 and up to 1", "Set the share of rows that may fail")
    if type(rows) is not int or rows < 1:
        yield Remark("breaker", "its rows are no whole number from 1", "Set the number of rows that may fail")


def _envelope(schema: Json) -> Iterator[Remark]:
    begin = schema["fields"][: len(ENVELOPE)]
    if tuple(field.get("name") for field in begin) != ENVELOPE:
        yield Remark("fields", "do not begin with the envelope", f"Begin with {', '.join(ENVELOPE)}")
        return
    for field in begin:
        if field.get("type") != _ENVELOPE_TYPES[field["name"]]:
            yield Remark(field["name"], "has not the envelope's type", f"Make it {_ENVELOPE_TYPES[field['name']]}")


def _key(schema: Json) -> Iterator[Remark]:
    key = next((field for field in schema["fields"] if field.get("name") == schema["key"]), None)
    if key is None:
        yield Remark(
            "key", f"{schema['key']} is no field", nearest(schema["key"], [f["name"] for f in schema["fields"]])
        )
        return
    if key.get("type") not in _KEY_TYPES:
        yield Remark("key", f"{schema['key']} can be null or is no identity", "Choose a text or whole number")
    if key.get("personal_data") != "none":
        yield Remark("key", f"{schema['key']} is personal data, and Kafka keeps keys in clear", "Choose another key")
