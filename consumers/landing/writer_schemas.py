"""Which schema ids belong to a topic; the registry is asked only about ids not seen before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from consumers.landing.rejects import Reason
from schemas.contract import Json
from schemas.registry import Registry, UnknownSchemaId
from schemas.wire import HEADER, NotFramed, unframe

# A producer may send made-up ids by the thousand: the registry is asked about so many of a batch, no more.
_ASKED_PER_BATCH = 20


@dataclass(frozen=True)
class Refusal:
    """Why records with a certain header are rejects; `author` is who wrote them, where that is proven."""

    schema_id: int | None
    reason: Reason
    detail: str
    author: str | None = None


@dataclass
class TopicSchemas:
    """The known wire-format headers of one topic, each with its schema id."""

    registry: Registry
    topic: str
    ids: dict[bytes, int] = field(default_factory=dict)

    @property
    def event(self) -> str:
        """The event of the topic `domain.event`."""
        return self.topic.partition(".")[2]

    def schema_of(self, schema_id: int) -> Json:
        """The writer's schema; raises RegistryUnavailable."""
        return self.registry.schema_by_id(schema_id)

    def explain(self, headers: Collection[bytes]) -> Mapping[bytes, Refusal]:
        """For headers that are not in `ids`: learns those the registry gives to the topic, refuses the others.

        Nothing negative is remembered: an id that is refused in one batch is asked about again in the next, since it
        may be registered by then. Raises RegistryUnavailable; never refuses for want of an answer.
        """
        framed = {header: schema_id for header in headers if (schema_id := _schema_id_of(header)) is not None}
        owned = self.registry.ids_of(f"{self.topic}-value") if framed else set()
        self.ids.update({header: schema_id for header, schema_id in framed.items() if schema_id in owned})
        refused = [header for header in headers if header not in self.ids]
        asked = {header: framed[header] for header in [h for h in refused if h in framed][:_ASKED_PER_BATCH]}
        foreign = {header for header, schema_id in asked.items() if self._exists(schema_id)}
        return {header: self._refusal(header, framed.get(header), header in foreign) for header in refused}

    def _exists(self, schema_id: int) -> bool:
        try:
            self.registry.schema_by_id(schema_id)
        except UnknownSchemaId:
            return False
        return True

    def _refusal(self, header: bytes, schema_id: int | None, foreign: bool) -> Refusal:
        if schema_id is None:
            return Refusal(None, Reason.NOT_FRAMED, f"begins with {header.hex() or 'nothing'}")
        if foreign:
            return Refusal(
                schema_id, Reason.FOREIGN_SCHEMA, f"schema {schema_id} is not a version of {self.topic}-value"
            )
        return Refusal(schema_id, Reason.UNKNOWN_SCHEMA, f"the registry has no schema {schema_id}")


def _schema_id_of(header: bytes) -> int | None:
    try:
        return unframe(header)[0]
    except NotFramed:
        return None


HEADER_SIZE = HEADER.size
