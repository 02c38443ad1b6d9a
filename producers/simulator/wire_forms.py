"""The bytes of a simulated record: those of our SDK, of a careless publisher, or of a broken one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random

from producers.simulator.record import Record
from schemas.codec import EventCodec, prepare
from schemas.contract import Contract, Rules
from schemas.registry import Registry
from schemas.versions import Released
from schemas.wire import frame

UNKNOWN_ID = 2_000_000_000


@dataclass(frozen=True)
class _Writer:
    """Encodes by one version of a contract without holding events to its rules."""

    codec: EventCodec
    names: frozenset[str]
    schema_id: int

    def datum(self, record: Record) -> bytes:
        return self.codec.encode({name: value for name, value in record.body.items() if name in self.names})


@dataclass(frozen=True)
class WireForms:
    """Writers for the newest and the oldest version of each contract; make it with `open_wire_forms`."""

    newest: Mapping[str, _Writer]
    oldest: Mapping[str, _Writer]

    def value(self, record: Record) -> bytes:
        """The value to publish; the same record always gives the same bytes."""
        rng = Random(record.body["event_id"])  # noqa: S311  a simulation must be repeatable
        writer = (self.oldest if record.form == "old_version" else self.newest)[record.event]
        datum = writer.datum(record)
        match record.form:
            case "event" | "unchecked" | "old_version":
                return frame(writer.schema_id, datum)
            case "truncated":
                return frame(writer.schema_id, datum[: rng.randrange(len(datum))])
            case "over_long":
                return frame(writer.schema_id, datum + rng.randbytes(rng.randint(1, 40)))
            case "unknown_schema_id":
                return frame(UNKNOWN_ID + rng.randrange(1000), datum)
            case "foreign_schema_id":
                return frame(self._foreign_id(record.event), datum)
            case "garbage":
                return b"\xff" + rng.randbytes(rng.randrange(200))

    def _foreign_id(self, event: str) -> int:
        return next(writer.schema_id for other, writer in self.newest.items() if other != event)


def open_wire_forms(registry: Registry, catalog: Mapping[str, Contract], released: Released) -> WireForms:
    """Asks the registry for the schemas' ids; raises RegistryUnavailable."""
    return WireForms(
        newest={event: _writer(registry, contract) for event, contract in catalog.items()},
        oldest={event: _writer(registry, released.get(event, (contract,))[0]) for event, contract in catalog.items()},
    )


def _writer(registry: Registry, contract: Contract) -> _Writer:
    fields = tuple(replace(field, rules=Rules()) for field in contract.fields)
    children = tuple(
        replace(child, fields=tuple(replace(field, rules=Rules()) for field in child.fields))
        for child in contract.children
    )
    return _Writer(
        codec=prepare(replace(contract, fields=fields, children=children)),
        names=frozenset(field["name"] for field in contract.schema["fields"]),
        schema_id=registry.register(contract.subject, contract.schema),
    )
