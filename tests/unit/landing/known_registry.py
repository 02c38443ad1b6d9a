"""A registry that is a table: ids by subject, schemas by id. It can be away, and counts what it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schemas.contract import Json
from schemas.registry import RegistryUnavailable, UnknownSchemaId


@dataclass
class KnownRegistry:
    subjects: dict[str, set[int]]
    schemas: dict[int, Json]
    away: bool = False
    asked: list[tuple[str, Any]] = field(default_factory=list)

    def ids_of(self, subject: str) -> set[int]:
        self._ask("ids_of", subject)
        return set(self.subjects.get(subject, ()))

    def schema_by_id(self, schema_id: int) -> Json:
        self._ask("schema_by_id", schema_id)
        if schema_id not in self.schemas:
            raise UnknownSchemaId(str(schema_id))
        return self.schemas[schema_id]

    def _ask(self, question: str, about: Any) -> None:
        self.asked.append((question, about))
        if self.away:
            raise RegistryUnavailable("away")
