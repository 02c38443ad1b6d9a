"""How long a step of a measurement takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Outcome = TypeVar("Outcome")


def timed(work: Callable[[], Outcome]) -> tuple[float, Outcome]:
    """Seconds, to a tenth, and what came of it."""
    start = time.perf_counter()
    outcome = work()
    return round(time.perf_counter() - start, 1), outcome
