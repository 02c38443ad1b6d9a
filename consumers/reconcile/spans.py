"""Ranges of offsets, and what is missing between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """Offsets from `start` up to, not including, `stop`."""

    start: int
    stop: int


def holes(spans: Iterable[Span], start: int, stop: int) -> list[Span]:
    """What of [`start`, `stop`) no span covers, in order; the spans may overlap and come in any order."""
    reached, missing = start, []
    for span in sorted(spans):
        if span.start >= stop:
            break
        if span.start > reached:
            missing.append(Span(reached, span.start))
        reached = max(reached, span.stop)
    return [*missing, Span(reached, stop)] if reached < stop else missing
