"""The lake's side: every batch's range, and the manifests of the young and the waiting ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from consumers.lake.batches import partitions_of, ranges_after, read_manifest
from consumers.lake.keys import BatchRange
from consumers.lake.manifest import Manifest
from consumers.reconcile.compare import landed_at
from consumers.reconcile.partition import LakeBatch
from consumers.reconcile.spans import Span
from infra.object_store import LakeStore


def lake_batches(
    store: LakeStore, topic: str, watermarks: dict[int, int], since: datetime
) -> dict[int, tuple[LakeBatch, ...]]:
    """All batches of each partition, in order of their end.

    Manifests are read from the newest batch back to the first one written before `since`, and of the first batch
    beyond the watermark. Raises the store's errors, ManifestBroken.
    """
    return {
        partition: _batches(store, topic, partition, watermarks.get(partition, 0), since)
        for partition in partitions_of(store, topic)
    }


def _batches(store: LakeStore, topic: str, partition: int, watermark: int, since: datetime) -> tuple[LakeBatch, ...]:
    ranges = list(ranges_after(store, topic, partition, 0))
    manifests: dict[BatchRange, Manifest] = {}
    for offsets in _wanted(ranges, watermark):
        manifests[offsets] = read_manifest(store, topic, partition, offsets)
    for offsets in reversed(ranges):
        if offsets not in manifests:
            manifests[offsets] = read_manifest(store, topic, partition, offsets)
        if (landed_at(_batch(offsets, manifests)) or since) < since:
            break
    return tuple(_batch(offsets, manifests) for offsets in ranges)


def _wanted(ranges: Sequence[BatchRange], watermark: int) -> Iterator[BatchRange]:
    first = next((offsets for offsets in ranges if offsets.next_offset > watermark), None)
    if first is not None:
        yield first


def _batch(offsets: BatchRange, manifests: dict[BatchRange, Manifest]) -> LakeBatch:
    return LakeBatch(Span(offsets.from_offset, offsets.next_offset), manifests.get(offsets))
