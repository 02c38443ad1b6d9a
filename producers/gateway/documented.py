"""What the OpenAPI document says of the paths for other systems' formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.contract import Json

SYNTHETIC: Json = {
    "name": "synthetic",
    "in": "query",
    "description": "true: mark the events as made up or fitted.",
    "schema": {"type": "boolean"},
}
WAIT: Json = {
    "name": "wait",
    "in": "query",
    "description": "true: tell topic, partition and offset of each event.",
    "schema": {"type": "boolean"},
}


@dataclass(frozen=True)
class Documented:
    """A format: what it is, in both languages, the schema of a body, bodies by name, and its query parameters."""

    summary: str
    description: str
    description_vi: str
    schema: Json
    examples: Mapping[str, Any] = field(default_factory=dict)
    parameters: Sequence[Json] = ()


def one_or_many(item: Json) -> Json:
    """The schema of an item, or of a list of them."""
    return {"oneOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def operation(name: str, media_type: str, events: Sequence[str], told: Documented, responses: Json) -> Json:
    """The operation of such a path; `events` are those that may come of a body."""
    becomes = ", ".join(f"`{event}`" for event in events)
    body: Json = {"schema": told.schema}
    if told.examples:
        body["examples"] = {title: {"value": value} for title, value in told.examples.items()}
    return {
        "operationId": name,
        "tags": ["other formats"],
        "summary": told.summary,
        "description": f"{told.description}\n\n{told.description_vi}\n\nBecomes / Trở thành: {becomes}.",
        "parameters": [*told.parameters, SYNTHETIC, WAIT],
        "requestBody": {"required": True, "content": {media_type: body}},
        "responses": responses,
    }
