"""Finding landed batches and reading their files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from consumers.lake.keys import (
    MANIFEST,
    BatchRange,
    after_watermark,
    batch_prefix,
    partition_prefix,
    range_of,
    topic_prefix,
)
from consumers.lake.manifest import LandedFile, Manifest
from infra.errors import OperatorError
from infra.object_store import LakeStore


class LakeHole(OperatorError):
    """Batches are missing between a watermark and the next batch: landing lost offsets, or objects were deleted.

    Look for the action `offsets_lost` in landing's log, or restore the objects from a backup.
    """


class LakeExpired(LakeHole):
    """The term of these offsets has ended and the lake's batches were removed; only a backup may still hold them.

    What was loaded of them stays in core as long as the contract says (`hagiang retention`).
    """


class FileDamaged(OperatorError):
    """A landed file is not what its manifest says: the store is damaged; restore the object from a backup."""


def partitions_of(store: LakeStore, topic: str) -> list[int]:
    """Partitions of which anything has landed, in order."""
    return sorted(int(name) for name in store.folders(topic_prefix(topic)) if name.isdigit())


def ranges_after(store: LakeStore, topic: str, partition: int, watermark: int) -> Iterator[BatchRange]:
    """Ranges of all batches with next_offset > `watermark`, in order of it; they may overlap."""
    keys = store.list_after(partition_prefix(topic, partition), after_watermark(topic, partition, watermark))
    return (offsets for key in keys if (offsets := range_of(key)) is not None)


def batches_after(store: LakeStore, topic: str, partition: int, watermark: int) -> Iterator[Manifest]:
    """The batches that carry on from `watermark`, in order: each begins at or before the end of the one before.

    What a batch holds below the end of the one before (below the watermark, for the first) was there already: trim it.
    Batches that crashed or doubled writers left and that add nothing are passed over. Raises LakeHole at the end when
    batches lie beyond a gap.
    """
    for offsets in chain(ranges_after(store, topic, partition, watermark), watermark):
        yield read_manifest(store, topic, partition, offsets)


def chain(ranges: Iterable[BatchRange], watermark: int) -> Iterator[BatchRange]:
    """Of ranges in order of their end, those that carry on from `watermark` without a gap; raises LakeHole."""
    reached, beyond = watermark, None
    for offsets in ranges:
        if offsets.from_offset <= reached < offsets.next_offset:
            reached = offsets.next_offset
            yield offsets
        elif offsets.from_offset > reached:
            beyond = offsets
    if beyond is not None and beyond.next_offset > reached:
        raise LakeHole(f"nothing landed from offset {reached} on, but there is a batch {beyond}")


def lake_end(store: LakeStore, topic: str, partition: int, position: int) -> int:
    """The offset up to which the lake holds everything from `position` on; `position` when it holds nothing there."""
    reached = position
    for offsets in ranges_after(store, topic, partition, position):
        if offsets.from_offset <= reached:
            reached = max(reached, offsets.next_offset)
    return reached


def read_manifest(store: LakeStore, topic: str, partition: int, offsets: BatchRange) -> Manifest:
    """The manifest of a batch; raises ObjectMissing, ManifestBroken."""
    return Manifest.from_json(store.get(batch_prefix(topic, partition, offsets) + MANIFEST))


def read_file(store: LakeStore, manifest: Manifest, file: LandedFile) -> bytes:
    """The content of one of the batch's files; raises FileDamaged when its hash is not the manifest's."""
    content = store.get(manifest.key_of(file.name))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise FileDamaged(manifest.key_of(file.name))
    return content
