"""Small batches of a closed day merged into one, so that listing and rebuilding do not slow as history grows.

The merged batch is put beside those it was made from: they sort before it, so that readers take them, and of it no more
than the end. A day later they are removed, each manifest before its files, and readers take the merged one. At any
moment, and in any listing that overlaps a removal, what is there makes one chain without a hole, and overlaps are
trimmed as always (ADR 0455).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from consumers.lake.batches import chain, ranges_after, read_file, read_manifest
from consumers.lake.keys import BatchRange, batch_of, partition_prefix, range_of
from consumers.lake.manifest import Manifest
from consumers.lake.merge import joined
from infra.object_store import LakeStore

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class MergeLimits:
    """A merged batch holds no more than this, so that it fits into memory; `grace` is how long both stand."""

    records: int = 300_000
    bytes: int = 128 << 20
    grace: timedelta = timedelta(hours=20)


DEFAULT_LIMITS = MergeLimits()


@dataclass(frozen=True)
class Compacted:
    """What a run did: batches made, of how many, and how many objects of such batches it removed."""

    made: int = 0
    merged: int = 0
    removed: int = 0

    def __add__(self, other: Compacted) -> Compacted:
        return Compacted(self.made + other.made, self.merged + other.merged, self.removed + other.removed)


def compact(
    store: LakeStore,
    topic: str,
    partition: int,
    watermark: int,
    now: datetime,
    limits: MergeLimits = DEFAULT_LIMITS,
) -> Compacted:
    """Remove what was merged long enough ago, then merge what is loaded and of a day that has passed in Vietnam.

    May die anywhere and be called again. Raises the lake's errors, ContainerBroken, MergeMiscounted.
    """
    ranges = [each for each in ranges_after(store, topic, partition, 0) if each.next_offset <= watermark]
    merged = list(_merged_with_parts(store, topic, partition, ranges))
    removed = sum(_remove_parts(store, each) for each in merged if _stood(each, now) >= limits.grace)
    left = [each for each in ranges if not any(_is_part(each, whole.offsets) for whole in merged)]
    manifests = (read_manifest(store, topic, partition, offsets) for offsets in chain(left, 0))
    groups = [group for group in groups_of(manifests, _day(now), limits) if len(group) > 1]
    for group in groups:
        _merge(store, group, now)
    return Compacted(len(groups), sum(map(len, groups)), removed)


def groups_of(manifests: Iterable[Manifest], today: date, limits: MergeLimits) -> Iterator[list[Manifest]]:
    """Batches that may become one: of one day before `today`, each beginning where the one before it ends.

    Ranges given up as lost or past their term, and batches that were merged before, stay as they are.
    """
    group: list[Manifest] = []
    records = size = 0
    for manifest in manifests:
        records, size = records + manifest.records, size + manifest.size
        fits = records <= limits.records and size <= limits.bytes
        if group and not (fits and _follows(group[-1], manifest)):
            yield group
            group, records, size = [], manifest.records, manifest.size
        if _may_merge(manifest, today):
            group.append(manifest)
    if group:
        yield group


def _may_merge(manifest: Manifest, today: date) -> bool:
    first, last = _days(manifest)
    return _is_as_landed(manifest) and first == last < today


def _follows(before: Manifest, manifest: Manifest) -> bool:
    adjoins = manifest.from_offset == before.next_offset and _days(manifest) == _days(before)
    return _is_as_landed(manifest) and adjoins


def _is_as_landed(manifest: Manifest) -> bool:
    return not (manifest.lost or manifest.expired or manifest.compacted_at)


def _days(manifest: Manifest) -> tuple[date, date]:
    """The days of its first and last record; of one without records that on which it was written."""
    if manifest.first_timestamp is None or manifest.last_timestamp is None:
        written = _day(datetime.fromisoformat(manifest.created_at))
        return written, written
    ends = (manifest.first_timestamp, manifest.last_timestamp)
    first, last = (_day(datetime.fromtimestamp(end / 1000, UTC)) for end in ends)
    return first, last


def _day(moment: datetime) -> date:
    return moment.astimezone(VIETNAM).date()


def _merge(store: LakeStore, group: Sequence[Manifest], now: datetime) -> None:
    """Put one batch for the group, its manifest last."""
    first, last = group[0], group[-1]
    contents = [(each, file, read_file(store, each, file)) for each in group for file in each.files]
    files = joined(contents, first.from_offset)
    clients: Counter[str] = Counter()
    for each in group:
        clients.update(each.clients)
    merged = Manifest(
        topic=first.topic,
        partition=first.partition,
        from_offset=first.from_offset,
        next_offset=last.next_offset,
        records=sum(each.records for each in group),
        rejected=sum(each.rejected for each in group),
        files=tuple(entry for entry, _ in files),
        first_timestamp=min((each.first_timestamp for each in group if each.first_timestamp is not None), default=None),
        last_timestamp=max((each.last_timestamp for each in group if each.last_timestamp is not None), default=None),
        created_at=max((each.created_at for each in group), key=datetime.fromisoformat),
        writer="compaction",
        clients=dict(clients),
        erased=tuple(sorted(offset for each in group for offset in each.erased)),
        compacted_at=now.isoformat(timespec="milliseconds"),
    )
    for entry, content in files:
        store.put(merged.key_of(entry.name), content)
    store.put(merged.key, merged.to_json())


def _merged_with_parts(
    store: LakeStore, topic: str, partition: int, ranges: Sequence[BatchRange]
) -> Iterator[Manifest]:
    """Merged batches whose parts are still there: the last one ends where the whole ends, and sorts right behind it."""
    for whole, part in pairwise(ranges):
        if _is_part(part, whole):
            manifest = read_manifest(store, topic, partition, whole)
            if manifest.compacted_at:
                yield manifest


def _stood(merged: Manifest, now: datetime) -> timedelta:
    """For how long it has stood beside its parts."""
    return now - datetime.fromisoformat(merged.compacted_at or now.isoformat())


def _is_part(inner: BatchRange, outer: BatchRange) -> bool:
    return inner != outer and outer.from_offset <= inner.from_offset and inner.next_offset <= outer.next_offset


def _remove_parts(store: LakeStore, merged: Manifest) -> int:
    """Remove all objects of batches that lie wholly within the merged one; how many that were.

    The manifest of the last part goes last of all: as long as it is there, the next run knows what is left to be done.
    Nobody reads that part, since the whole comes before it.
    """
    gone, last = [], ""
    for key in store.list_after(partition_prefix(merged.topic, merged.partition)):
        offsets = batch_of(key)
        if offsets is None or offsets.next_offset > merged.next_offset:
            break
        if _is_part(offsets, merged.offsets):
            gone.append(key)
            last = key if range_of(key) else last
    for key in sorted(gone, key=lambda key: key == last):
        store.delete(key)
    return len(gone)
