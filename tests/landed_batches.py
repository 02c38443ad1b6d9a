"""Batches put into a lake as landing leaves them, without Kafka."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import fastavro

from consumers.lake.container import container_block, container_header
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL, fresh_seal_base, landed_schema
from consumers.landing.rejects import Reason, rejects_container
from consumers.landing.rejects import Reject as LandedReject
from infra.object_store import LakeStore
from schemas.contract import Contract, Json

SYNC = bytes(16)
KAFKA_TIME = 1_624_233_600_000
SCHEMA_ID = 7


@dataclass(frozen=True)
class Reject:
    """A record that landing could not decode."""

    reason: str
    detail: str = "made so"
    value: bytes | None = b"not avro"


@dataclass(frozen=True)
class Written:
    """An event as its producer encoded it, and the schema he registered, which need not be today's."""

    datum: bytes
    schema: Json
    schema_id: int = SCHEMA_ID


def land(
    store: LakeStore,
    contract: Contract,
    records: Sequence[Mapping[str, Any] | Written | Reject],
    *,
    partition: int = 0,
    from_offset: int = 0,
    next_offset: int | None = None,
    kafka_time: int = KAFKA_TIME,
) -> Manifest:
    """Put one batch of consecutive offsets into the lake; events are written with the contract unless they say how.

    `kafka_time` is when Kafka took offset 0, in ms, and each offset is a millisecond later.
    """
    offsets = range(from_offset, from_offset + len(records))
    rejects = [(offset, record) for offset, record in zip(offsets, records, strict=True) if isinstance(record, Reject)]
    events: dict[int, list[tuple[int, Written]]] = {}
    for offset, record in zip(offsets, records, strict=True):
        if not isinstance(record, Reject):
            written = (
                record if isinstance(record, Written) else Written(datum(record, contract.schema), contract.schema)
            )
            events.setdefault(written.schema_id, []).append((offset, written))
    bodies = [_data_file(written, from_offset, kafka_time) for written in events.values()]
    bodies += [_rejects_file(rejects, kafka_time)] if rejects else []
    manifest = Manifest(
        topic=contract.topic,
        partition=partition,
        from_offset=from_offset,
        next_offset=offsets.stop if next_offset is None else next_offset,
        records=len(records),
        rejected=len(rejects),
        files=tuple(file for file, _ in bodies),
        first_timestamp=kafka_time + from_offset if records else None,
        last_timestamp=kafka_time + offsets.stop - 1 if records else None,
        created_at="2021-06-21T00:00:00Z",
        writer="test",
    )
    for file, body in bodies:
        store.put(manifest.key_of(file.name), body)
    store.put(manifest.key, manifest.to_json())
    return manifest


def datum(event: Mapping[str, Any], schema: Json) -> bytes:
    """The event as a producer encodes it, without the Confluent header."""
    encoded = io.BytesIO()
    fastavro.schemaless_writer(encoded, fastavro.parse_schema(schema), event)
    return encoded.getvalue()


def _data_file(written: list[tuple[int, Written]], from_offset: int, kafka_time: int) -> tuple[LandedFile, bytes]:
    first = written[0][1]
    base = fresh_seal_base()
    parts = [SEAL.pack(base + at - from_offset, kafka_time + at) + w.datum for at, w in written]
    body = container_header(landed_schema(first.schema), SYNC) + container_block(len(parts), b"".join(parts), SYNC)
    return _described(f"schema-{first.schema_id}.avro", first.schema_id, len(parts), body, base), body


def _rejects_file(rejects: list[tuple[int, Reject]], kafka_time: int) -> tuple[LandedFile, bytes]:
    body = rejects_container([_as_landed(at, reject, kafka_time) for at, reject in rejects], SYNC)
    return _described("rejects.avro", None, len(rejects), body, 0), body


def _described(name: str, schema_id: int | None, records: int, body: bytes, base: int) -> LandedFile:
    return LandedFile(name, schema_id, records, len(body), hashlib.sha256(body).hexdigest(), base)


def _as_landed(offset: int, reject: Reject, kafka_time: int) -> LandedReject:
    return LandedReject(offset, kafka_time + offset, None, reject.value, None, Reason(reject.reason), reject.detail)
