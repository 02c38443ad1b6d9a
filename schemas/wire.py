"""The Confluent wire format: a zero byte, the schema's id as four bytes (big-endian), then the Avro datum."""

from __future__ import annotations

import struct

from infra.errors import OperatorError

MAGIC = 0
HEADER = struct.Struct(">bI")
MAX_SCHEMA_ID = 2**31 - 1


class NotFramed(OperatorError):
    """The value was not sent in the Confluent wire format: publish through the SDK, or frame it as schemas/wire.py."""


def frame(schema_id: int, datum: bytes) -> bytes:
    """A Kafka value: the header for `schema_id`, then the datum as it is."""
    return HEADER.pack(MAGIC, schema_id) + datum


def unframe(value: bytes) -> tuple[int, bytes]:
    """The schema id and the datum of a Kafka value; raises NotFramed when there is no such header.

    A header alone is framed: the datum is empty, and whether its schema allows that is for the decoder to say. Ids are
    signed on other platforms, so that one beyond 2**31 - 1 is no id.
    """
    if len(value) < HEADER.size:
        raise NotFramed(f"{len(value)} bytes are too short for a header of {HEADER.size}")
    magic, schema_id = HEADER.unpack_from(value)
    if magic != MAGIC or schema_id > MAX_SCHEMA_ID:
        raise NotFramed(f"begins with {value[: HEADER.size].hex()}, not with a zero byte and a schema id")
    return schema_id, value[HEADER.size :]
