"""What a run publishes, made from its seed: so that the checker knows of each record what must become of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import fastavro

from schemas.contract import Json
from schemas.wire import frame
from tests.chaos.counted import old_version

GOOD, BAD_RULE, UNDECODABLE, NOT_FRAMED = "good", "bad_rule", "undecodable", "not_framed"
_KINDS = (GOOD, BAD_RULE, UNDECODABLE, NOT_FRAMED)
_SHARES = (0.94, 0.03, 0.015, 0.015)
_REPEATED = 0.04
_PLACES = 50
_FIRST = 1_624_000_000_000


@dataclass(frozen=True)
class Planned:
    """One record to publish. `event` is what a reader of today's contract sees in it; None when it has none."""

    number: int
    kind: str
    key: bytes
    value: bytes
    event: dict[str, Any] | None

    @property
    def event_id(self) -> str:
        """Of a record that holds an event."""
        return str(self.event["event_id"]) if self.event else ""


@dataclass(frozen=True)
class SchemaIds:
    """The registry's numbers of both versions."""

    old: int
    new: int


def history(seed: int, records: int, schema: Json, ids: SchemaIds) -> list[Planned]:
    """The same for the same arguments. Some records are told twice: the same bytes at two numbers."""
    rng = Random(seed)
    versions = {old: _parsed(old_version(schema) if old else schema) for old in (True, False)}
    planned: list[Planned] = []
    for number in range(records):
        if planned and rng.random() < _REPEATED:
            again = rng.choice(planned[-500:])
            planned.append(Planned(number, again.kind, again.key, again.value, again.event))
        else:
            planned.append(_new(rng, number, seed, versions, ids))
    return planned


def by_value(planned: Sequence[Planned]) -> dict[bytes, Planned]:
    """Each different record once, by its bytes, which no two of them share."""
    return {each.value: each for each in planned}


def _new(rng: Random, number: int, seed: int, versions: Mapping[bool, Any], ids: SchemaIds) -> Planned:
    (kind,) = rng.choices(_KINDS, _SHARES)
    old = rng.random() < 0.3
    place = f"place {rng.randrange(_PLACES)}"
    event = {
        "event_id": str(UUID(int=(seed << 96) | (7 << 76) | (2 << 62) | number)),
        "occurred_at": _FIRST + number,
        "source": "H22.05",
        "synthetic": True,
        "place": place,
        "step": -number - 1 if kind == BAD_RULE else number,
        "note": None if old else f"note {number} " + "x" * rng.randrange(40),
    }
    datum = _encoded(event, versions[old])
    value = frame(ids.old if old else ids.new, datum)
    if kind == UNDECODABLE:
        value = frame(ids.new, b"\x01%d" % number)
    if kind == NOT_FRAMED:
        value = b"record %d of nothing" % number
    return Planned(number, kind, place.encode(), value, event if kind in (GOOD, BAD_RULE) else None)


def _parsed(schema: Json) -> Any:
    """Once for all records: it takes as long as hundreds of them."""
    return fastavro.parse_schema(dict(schema))


def _encoded(event: dict[str, Any], schema: Any) -> bytes:
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, schema, event)
    return buffer.getvalue()
