"""Open batches of `society.visit` made in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from consumers.landing.records import OpenBatch
from consumers.landing.writer_schemas import TopicSchemas
from schemas.registry import Registry
from schemas.wire import frame
from tests.unit.lake.made_files import SCHEMA, encoded, visit
from tests.unit.landing.known_registry import KnownRegistry

TOPIC = "society.visit"
OURS, OLDER, THEIRS = 7, 3, 8


def registry() -> KnownRegistry:
    return KnownRegistry(
        subjects={f"{TOPIC}-value": {OURS, OLDER}, "fpt.other-value": {THEIRS}},
        schemas={OURS: SCHEMA, OLDER: SCHEMA, THEIRS: SCHEMA},
    )


def topic_schemas(known: KnownRegistry) -> TopicSchemas:
    return TopicSchemas(cast(Registry, known), TOPIC)


def good(number: int, schema_id: int = OURS) -> bytes:
    return frame(schema_id, encoded(visit(number)))


def batch_of(values: Sequence[bytes | None], from_offset: int = 0) -> OpenBatch:
    """The values at offsets from `from_offset` on, each with its offset times ten as Kafka timestamp."""
    offsets = range(from_offset, from_offset + len(values))
    return OpenBatch(
        topic=TOPIC,
        partition=0,
        from_offset=from_offset,
        next_offset=from_offset + len(values),
        opened_at=0.0,
        offsets=list(offsets),
        timestamps=[offset * 10 for offset in offsets],
        keys=[b"key %d" % offset for offset in offsets],
        values=list(values),
        headers=[b"\0"] * len(values),
        bytes=sum(len(value or b"") for value in values),
    )


def record(offset: int, value: bytes | None) -> Any:
    """A consumer record as far as landing looks at it."""
    return Record(offset, offset * 10, b"key", value)


class Record:
    def __init__(self, offset: int, timestamp: int, key: bytes | None, value: bytes | None) -> None:
        self.offset, self.timestamp, self.key, self.value = offset, timestamp, key, value
        self.headers = b"\0"
