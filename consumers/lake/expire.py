"""Batches whose term has ended, removed from the front of a partition.

An empty batch marked `expired` takes their place first, so that whoever lists the partition finds it whole from offset
0 on, at any moment: landing neither takes the range for lost nor lands it again, and no load passes over it silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile

from consumers.lake.batches import ranges_after, read_manifest
from consumers.lake.keys import batch_of, partition_prefix, range_of
from consumers.lake.manifest import Manifest
from infra.object_store import LakeStore, ObjectMissing

_WORKERS = 8


@dataclass(frozen=True)
class Ended:
    """The batches of a partition whose term has ended: all that end at `next_offset` or before."""

    next_offset: int
    batches: int = 0
    records: int = 0
    bytes: int = 0


def ended_batches(store: LakeStore, topic: str, partition: int, horizon: int, end: int, before: datetime) -> Ended:
    """Batches beyond `horizon` that end at `end` or before, and hold no record that Kafka took at `before` or later.

    They are taken from the front and wholly: the first that is younger ends them. A batch without records is as old as
    its manifest.
    """
    ended = Ended(horizon)
    for offsets in ranges_after(store, topic, partition, horizon):
        if offsets.next_offset > end:
            break
        manifest = read_manifest(store, topic, partition, offsets)
        if not manifest.expired and _newest_ms(manifest) >= before.timestamp() * 1000:
            break
        records, size = ended.records + manifest.records, ended.bytes + manifest.size
        ended = Ended(offsets.next_offset, ended.batches + 1, records, size)
    return ended


def drop_below(store: LakeStore, topic: str, partition: int, horizon: int, now: datetime) -> int:
    """Remove every object of a batch that ends at `horizon` or before; how many that were. May die and be called again.

    Each manifest goes before its files: no reader is ever told of a file that is not there.
    """
    if horizon <= 0:
        return 0
    mark = _mark(topic, partition, horizon, now)
    if not _is_there(store, mark):
        store.put(mark.key, mark.to_json())
    keys = takewhile(lambda key: _ends_by(key, horizon), store.list_after(partition_prefix(topic, partition)))
    folders = [list(each) for _, each in groupby((key for key in keys if key != mark.key), batch_of)]
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="expire") as pool:
        return sum(pool.map(lambda folder: _delete(store, folder), folders))


def _mark(topic: str, partition: int, horizon: int, now: datetime) -> Manifest:
    return Manifest(
        topic=topic,
        partition=partition,
        from_offset=0,
        next_offset=horizon,
        records=0,
        rejected=0,
        files=(),
        first_timestamp=None,
        last_timestamp=None,
        created_at=now.isoformat(timespec="milliseconds"),
        writer="term ended",
        expired=True,
    )


def _is_there(store: LakeStore, mark: Manifest) -> bool:
    """Whether the mark stands; a batch of just its range has the same key, and is written over."""
    try:
        return Manifest.from_json(store.get(mark.key)).expired
    except ObjectMissing:
        return False


def _ends_by(key: str, horizon: int) -> bool:
    """Keys sort by the end of their batch; what is no batch sorts behind them."""
    offsets = batch_of(key)
    return offsets is not None and offsets.next_offset <= horizon


def _delete(store: LakeStore, keys: Sequence[str]) -> int:
    for key in sorted(keys, key=lambda key: range_of(key) is None):  # the manifest first
        store.delete(key)
    return len(keys)


def _newest_ms(manifest: Manifest) -> float:
    if manifest.last_timestamp is not None:
        return manifest.last_timestamp
    return datetime.fromisoformat(manifest.created_at).timestamp() * 1000
