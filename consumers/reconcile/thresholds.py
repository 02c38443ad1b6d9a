"""How old work in progress may be before it is a finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Thresholds:
    """`retention_share` is the part of a topic's retention that must be left for its oldest record not yet landed.

    Manifests and counts are gone into as far back as `window`; ranges of offsets are compared whole.
    """

    not_landed: timedelta = timedelta(minutes=5)
    not_loaded: timedelta = timedelta(minutes=30)
    retention_share: float = 0.25
    window: timedelta = timedelta(hours=6)


DEFAULT_THRESHOLDS = Thresholds()
