"""What each place says of one partition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consumers.lake.manifest import Manifest
from consumers.reconcile.spans import Span


@dataclass(frozen=True)
class LogState:
    """Kafka's side: offsets from `start` up to `end` are there.

    `oldest_waiting` is the Kafka timestamp of the first record that the lake does not have, None when there is none.
    `retention_ms` is the topic's setting, None when it keeps everything.
    """

    start: int
    end: int
    oldest_waiting: datetime | None
    retention_ms: int | None


@dataclass(frozen=True)
class LakeBatch:
    """A batch of the lake; `manifest` is None when it is older than what was looked into."""

    span: Span
    manifest: Manifest | None


@dataclass(frozen=True)
class LedgerRange:
    """A published range with what became of its records."""

    span: Span
    consumed: int
    loaded: int
    duplicate: int
    quarantined: int
    rejected: int


@dataclass(frozen=True)
class PartitionState:
    """All sides; `log` is None when Kafka has no such partition. `batches` in the order of the lake."""

    topic: str
    partition: int
    log: LogState | None
    batches: tuple[LakeBatch, ...]
    ledger: tuple[LedgerRange, ...]
    watermark: int

    @property
    def lake_end(self) -> int:
        """The offset after the last that any batch holds."""
        return end_of(self.batches)


def end_of(batches: tuple[LakeBatch, ...]) -> int:
    """The offset after the last that any of the batches holds; 0 without one."""
    return max((batch.span.stop for batch in batches), default=0)
