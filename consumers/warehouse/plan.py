"""Which landed batches one load takes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from consumers.lake.batches import LakeExpired, LakeHole, batches_after
from consumers.lake.manifest import Manifest
from infra.errors import OperatorError
from infra.object_store import LakeStore

log = logging.getLogger(__name__)


class LakeShort(OperatorError):
    """The lake no longer holds offsets that were loaded, so that nothing can be rebuilt from or sealed of them.

    Restore the objects from a backup, or rebuild later loads alone (`--from`).
    """


@dataclass(frozen=True)
class StageLimits:
    """A load takes batches until one of these is reached, and at least one batch; `workers` is threads."""

    max_rows: int = 300_000
    max_bytes: int = 256 << 20
    max_batches: int = 500
    workers: int = 2


@dataclass(frozen=True)
class Take:
    """A batch of which the load takes the offsets from `from_offset` on; what lies below was published before.

    `end` is the first offset it leaves, where that lies within the batch.
    """

    manifest: Manifest
    from_offset: int
    end: int | None = None

    @property
    def next_offset(self) -> int:
        """The first offset that is not taken."""
        return self.manifest.next_offset if self.end is None else min(self.manifest.next_offset, self.end)

    @property
    def bytes(self) -> int:
        """Size of the batch's files."""
        return self.manifest.size


def plan_load(
    store: LakeStore,
    topic: str,
    watermarks: Mapping[int, int],
    limits: StageLimits,
    ends: Mapping[int, int] | None = None,
) -> list[Take]:
    """Batches beyond the watermarks, one of each partition in turn so that none starves; empty when there are none.

    With `ends` only batches that begin before the partition's, and of these partitions alone.

    Raises LakeHole when offsets are missing right at a watermark. Batches before a hole further on are taken; the
    load that reaches it raises.
    """
    waiting = [
        _within(takes_of(store, topic, partition, watermark), None if ends is None else ends[partition])
        for partition, watermark in sorted(watermarks.items())
        if ends is None or partition in ends
    ]
    taken: list[Take] = []
    while waiting and not _full(taken, limits):
        takes = waiting.pop(0)
        take = next(takes, None)
        if take is not None:
            taken.append(take)
            waiting.append(takes)
    return sorted(taken, key=lambda take: (take.manifest.partition, take.manifest.next_offset))


def takes_of(store: LakeStore, topic: str, partition: int, watermark: int) -> Iterator[Take]:
    """Batches of one partition, each trimmed to where the one before it ends; raises LakeExpired, LakeHole."""
    reached = watermark
    try:
        for manifest in batches_after(store, topic, partition, watermark):
            if manifest.expired:
                raise LakeExpired(f"{topic}, partition {partition}, offsets {reached} to {manifest.next_offset - 1}")
            yield Take(manifest, max(reached, manifest.from_offset))
            reached = manifest.next_offset
    except LakeHole:
        if reached == watermark:
            raise
        log.warning("The lake has a hole", extra={"action": "lake_hole", "topic": topic, "offset": reached})


def takes_within(store: LakeStore, topic: str, partition: int, from_offset: int, next_offset: int) -> Iterator[Take]:
    """The batches that hold a range of offsets, trimmed to it; raises LakeExpired, LakeHole, LakeShort."""
    reached = from_offset
    for take in takes_of(store, topic, partition, from_offset):
        if reached >= next_offset:
            return
        yield Take(take.manifest, take.from_offset, next_offset)
        reached = take.next_offset
    if reached < next_offset:
        raise LakeShort(f"{topic}, partition {partition}, offsets {reached} to {next_offset - 1}")


def _within(takes: Iterator[Take], end: int | None) -> Iterator[Take]:
    return takes if end is None else takewhile(lambda take: take.from_offset < end, takes)


def _full(taken: list[Take], limits: StageLimits) -> bool:
    return (
        sum(take.manifest.records for take in taken) >= limits.max_rows
        or sum(take.bytes for take in taken) >= limits.max_bytes
        or len(taken) >= limits.max_batches
    )
