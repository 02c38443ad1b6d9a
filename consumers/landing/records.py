"""Records gathered from one partition until they become a batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from consumers.lake.keys import BatchRange
from consumers.landing.limits import LandingLimits

# What Python's objects for a record take beside its bytes, headers included.
_OVERHEAD = 350


@dataclass
class OpenBatch:
    """What has been read of a partition since `from_offset`; the five lists run in step.

    `values` are the Kafka values as they came, None where a record has none; `headers` as on the wire. `next_offset` is
    the consumer's position, which may lie beyond the last record (transaction markers).
    """

    topic: str
    partition: int
    from_offset: int
    next_offset: int
    opened_at: float
    offsets: list[int] = field(default_factory=list)
    timestamps: list[int] = field(default_factory=list)
    keys: list[bytes | None] = field(default_factory=list)
    values: list[bytes | None] = field(default_factory=list)
    headers: list[bytes] = field(default_factory=list)
    bytes: int = 0

    def add(self, records: Sequence[Any], next_offset: int) -> None:
        """Append consumer records that follow those already here; `next_offset` is the position after them."""
        values = [record.value for record in records]
        self.offsets += [record.offset for record in records]
        self.timestamps += [record.timestamp for record in records]
        self.keys += [record.key for record in records]
        self.values += values
        self.headers += [record.headers for record in records]
        self.bytes += sum(map(len, filter(None, values)))
        self.next_offset = next_offset

    @property
    def range(self) -> BatchRange:
        """The range of offsets."""
        return BatchRange(next_offset=self.next_offset, from_offset=self.from_offset)

    @property
    def held_bytes(self) -> int:
        """About how much memory it takes."""
        return self.bytes + _OVERHEAD * len(self.values)

    def is_due(self, limits: LandingLimits, now: float) -> bool:
        """Whether it should be written now; `now` runs on the clock of `opened_at`."""
        return (
            len(self.values) >= limits.batch_records
            or self.bytes >= limits.batch_bytes
            or now - self.opened_at >= limits.batch_age_s
        )
