"""What a path for another system's format says of itself: for its page below /docs and for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.contract import Json
from schemas.site.bilingual import Bilingual


@dataclass(frozen=True)
class Parameter:
    """A parameter of the request, in its `place` as OpenAPI names it: `query` or `header`."""

    name: str
    meaning: Bilingual
    schema: Json = field(default_factory=lambda: {"type": "string"})
    place: str = "query"
    example: str = ""

    def told(self) -> Json:
        """For the OpenAPI document."""
        meaning = f"{self.meaning.en}\n\n{self.meaning.vi}"
        told: Json = {"name": self.name, "in": self.place, "description": meaning, "schema": self.schema}
        return told | ({"example": self.example} if self.example else {})


FLAG: Json = {"type": "boolean"}
SYNTHETIC = Parameter(
    "synthetic",
    Bilingual("true: mark the events as made up or fitted.", "true: đánh dấu dữ liệu minh họa hoặc được dựng lại."),
    FLAG,
)
WAIT = Parameter(
    "wait",
    Bilingual(
        "true: tell topic, partition and offset of each event.",
        "true: cho biết topic, phân vùng và vị trí của từng sự kiện.",
    ),
    FLAG,
)


@dataclass(frozen=True)
class Sample:
    """A body that is taken as it stands, and the lines that send it when they are pasted into a shell."""

    name: str
    title: Bilingual
    body: Any
    shell: str


@dataclass(frozen=True)
class Preparation:
    """What is done once, before the first body is taken: in words, and as text to copy."""

    words: Bilingual
    text: str


@dataclass(frozen=True)
class Answer:
    """An answer by its status; `kind` is that of a problem, `body` a whole one as an example."""

    status: str
    words: Bilingual
    kind: str = ""
    body: str = ""


@dataclass(frozen=True)
class Documented:
    """A format: what it is, the schema of a body, bodies, and the parameters of its own."""

    summary: str
    meaning: Bilingual
    schema: Json
    preparation: Preparation
    samples: Sequence[Sample] = ()
    parameters: Sequence[Parameter] = ()


@dataclass(frozen=True)
class WayIn:
    """A path that takes another system's format; `events` are those that may come of a body."""

    path: str
    media_type: str
    events: tuple[str, ...]
    told: Documented
    parameters: Sequence[Parameter]
    answers: Sequence[Answer]
    operation: Json


def one_or_many(item: Json) -> Json:
    """The schema of an item, or of a list of them."""
    return {"oneOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def described(way: Documented, events: Sequence[str]) -> str:
    """The text of its operation, in both languages."""
    becomes = ", ".join(f"`{event}`" for event in events)
    return f"{way.meaning.en}\n\n{way.meaning.vi}\n\nBecomes / Trở thành: {becomes}."


def body_of(media_type: str, told: Documented) -> Json:
    """The body of its operation, with every sample."""
    examples: Mapping[str, Json] = {
        each.name: {"summary": f"{each.title.en} / {each.title.vi}", "value": each.body} for each in told.samples
    }
    content: Json = {"schema": told.schema} | ({"examples": examples} if examples else {})
    return {"required": True, "content": {media_type: content}}


def operation(name: str, media_type: str, events: Sequence[str], told: Documented, responses: Json) -> Json:
    """The operation of a path that takes events for clients with an API key."""
    return {
        "operationId": name,
        "tags": ["other formats"],
        "summary": told.summary,
        "description": described(told, events),
        "parameters": [each.told() for each in (*told.parameters, SYNTHETIC, WAIT)],
        "requestBody": body_of(media_type, told),
        "responses": responses,
    }
