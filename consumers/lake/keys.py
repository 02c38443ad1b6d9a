"""Keys of landed batches: `landing/<topic>/<partition>/<next>-<from>/<file>`.

`next` comes first, so that one listing with StartAfter gives the batches that reach beyond a watermark, overlapping
ones included (ADR 0301).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MANIFEST = "batch.json"
_BATCH = re.compile(r"(?P<next>\d{20})-(?P<from>\d{20})")


@dataclass(frozen=True, order=True)
class BatchRange:
    """Kafka positions of a batch: it holds what was consumed from `from_offset` up to, not including, `next_offset`.

    Sorts as its key does: by `next_offset`, then `from_offset`.
    """

    next_offset: int
    from_offset: int

    def __str__(self) -> str:
        return f"[{self.from_offset}, {self.next_offset})"


def topic_prefix(topic: str) -> str:
    """Prefix of everything landed from a topic."""
    return f"landing/{topic}/"


def partition_prefix(topic: str, partition: int) -> str:
    """Prefix of everything landed from a partition."""
    return f"{topic_prefix(topic)}{partition}/"


def batch_prefix(topic: str, partition: int, offsets: BatchRange) -> str:
    """Prefix of one batch's objects."""
    return f"{partition_prefix(topic, partition)}{offsets.next_offset:020d}-{offsets.from_offset:020d}/"


def after_watermark(topic: str, partition: int, watermark: int) -> str:
    """StartAfter of a listing that gives the batches with `next_offset` > `watermark`, and none besides."""
    return f"{partition_prefix(topic, partition)}{watermark:020d}~"


def range_of(key: str) -> BatchRange | None:
    """The range of the batch whose manifest `key` is; None for any other key."""
    return batch_of(key) if key.endswith("/" + MANIFEST) else None


def batch_of(key: str) -> BatchRange | None:
    """The range of the batch that an object of that key belongs to; None for a key that is no batch's."""
    match = _BATCH.fullmatch(key.rpartition("/")[0].rpartition("/")[2])
    if match is None:
        return None
    return BatchRange(next_offset=int(match["next"]), from_offset=int(match["from"]))
