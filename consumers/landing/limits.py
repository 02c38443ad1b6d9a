"""How much landing gathers before it writes, and how much it holds at all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LandingLimits:
    """A batch of a partition is closed when it reaches `batch_records`, `batch_bytes` or `batch_age_s`.

    It may exceed the first two by what one poll returns. `held_bytes` bounds what is gathered or being written at one
    time, over all partitions; when it is reached the partitions are paused until batches have been written.
    `flush_s` is how long landing goes on writing when it is told to stop, `session_s` how long its partitions wait for
    it when it dies.
    """

    batch_records: int = 100_000
    batch_bytes: int = 16 << 20
    batch_age_s: float = 1.0
    held_bytes: int = 256 << 20
    poll_records: int = 10_000
    poll_s: float = 0.05
    rescan_s: float = 10.0
    flush_s: float = 8.0
    session_s: float = 10.0
    group_id: str = "landing"


DEFAULT_LIMITS = LandingLimits()
