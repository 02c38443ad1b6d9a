"""Records that cannot be landed as data of a schema: kept whole in the batch's rejects file, with the reason."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import fastavro

from consumers.lake.container import container_block, container_header
from schemas.contract import Json

_BLOCK_RECORDS = 1000


class Reason(StrEnum):
    """Why a record is a reject."""

    NOT_FRAMED = "not_confluent_framed"
    UNKNOWN_SCHEMA = "unknown_schema_id"
    FOREIGN_SCHEMA = "foreign_schema_id"
    UNDECODABLE = "undecodable_datum"
    NULL_VALUE = "null_value"
    NOT_SIGNED = "not_signed"
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_CLIENT = "unknown_client"
    EVENT_NOT_GRANTED = "event_not_granted"
    SOURCE_NOT_GRANTED = "source_not_granted"


OF_RIGHTS = frozenset(
    {
        Reason.NOT_SIGNED,
        Reason.BAD_SIGNATURE,
        Reason.UNKNOWN_CLIENT,
        Reason.EVENT_NOT_GRANTED,
        Reason.SOURCE_NOT_GRANTED,
    }
)
"""What is refused because of who wrote it: this stands in the audit too."""


REJECTS_SCHEMA: Json = {
    "type": "record",
    "name": "Reject",
    "namespace": "vn.hagiang.landing",
    "doc": "A Kafka record that is no datum of a schema of its topic, as it came.",
    "fields": [
        {"name": "offset", "type": "long"},
        {"name": "kafka_timestamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "key", "type": ["null", "bytes"], "default": None},
        {"name": "value", "type": ["null", "bytes"], "default": None},
        {"name": "schema_id", "type": ["null", "int"], "default": None},
        {"name": "reason", "type": "string", "doc": ", ".join(Reason)},
        {"name": "detail", "type": "string"},
    ],
}
_PARSED = fastavro.parse_schema(REJECTS_SCHEMA)


@dataclass(frozen=True)
class Reject:
    """`schema_id` is the one the record named, None when it named none; `author`, once proven, is not in the file."""

    offset: int
    kafka_timestamp: int
    key: bytes | None
    value: bytes | None
    schema_id: int | None
    reason: Reason
    detail: str
    author: str | None = None


def rejects_container(rejects: Sequence[Reject], sync: bytes) -> bytes:
    """An Avro container file of the rejects, in their order."""
    parts = [container_header(REJECTS_SCHEMA, sync)]
    for start in range(0, len(rejects), _BLOCK_RECORDS):
        block = rejects[start : start + _BLOCK_RECORDS]
        parts.append(container_block(len(block), b"".join(map(_encode, block)), sync))
    return b"".join(parts)


def _encode(reject: Reject) -> bytes:
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, _PARSED, asdict(reject))
    return buffer.getvalue()
