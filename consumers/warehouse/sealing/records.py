"""What the lake holds of a range of offsets, as leaves."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

import pyarrow as pa

from consumers.lake.batches import read_file
from consumers.lake.datum import datum_bytes
from consumers.lake.decode import to_arrow
from consumers.lake.keys import BatchRange
from consumers.lake.manifest import LandedFile
from consumers.lake.seals import seals_of
from consumers.warehouse.landed import rejects_columns, verify_offsets
from consumers.warehouse.plan import Take, takes_within
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.tables.core import EVENT_ID
from consumers.warehouse.uuids import uuid_bytes
from infra.object_store import LakeStore


def leaves_in(store: LakeStore, topic: str, partition: int, offsets: BatchRange) -> list[Leaf]:
    """Every record of the range in the order of offsets; raises LakeHole, LakeShort, LakeCorrupt, FileDamaged."""
    leaves = [
        leaf
        for take in takes_within(store, topic, partition, offsets.from_offset, offsets.next_offset)
        for file in take.manifest.files
        for leaf in _leaves_of(read_file(store, take.manifest, file), take, file)
    ]
    return sorted(leaves, key=lambda leaf: leaf.offset)


def _leaves_of(container: bytes, take: Take, file: LandedFile) -> Iterator[Leaf]:
    topic, partition = take.manifest.topic, take.manifest.partition
    if file.schema_id is None:
        rejects = rejects_columns(container, take, file)
        for offset, raw in zip(rejects["kafka_offset"].to_pylist(), rejects["raw"].to_pylist(), strict=True):
            yield Leaf(topic, partition, offset, "", sha256(raw or b"").hexdigest())
        return
    datums = datum_bytes(container, take.manifest, file, range(take.from_offset, take.next_offset))
    for offset, event_id in _event_ids(container, take, file):
        if offset in datums:
            yield Leaf(topic, partition, offset, event_id, sha256(datums[offset]).hexdigest())


def _event_ids(container: bytes, take: Take, file: LandedFile) -> Iterator[tuple[int, str]]:
    """Each offset of the file with its event id, empty where it has none that is a UUID."""
    table = to_arrow(container)
    offsets, _ = seals_of(table, file.seal_base, take.manifest.from_offset)
    verify_offsets(offsets, take, file)
    has_ids = EVENT_ID in table.column_names
    ids = uuid_bytes(table.column(EVENT_ID).combine_chunks()) if has_ids else pa.nulls(len(table), pa.binary())
    for offset, event_id in zip(offsets.tolist(), ids.to_pylist(), strict=True):
        yield offset, str(UUID(bytes=event_id)) if event_id else ""
