"""Waiting for a condition."""

from __future__ import annotations

import time
from collections.abc import Callable

FIRST_PAUSE_S = 0.02
LONGEST_PAUSE_S = 0.3


def wait_until(holds: Callable[[], object], seconds: float = 120) -> None:
    """Ask again and again, after pauses that grow: what is waited for needs the processor more than the question."""
    deadline, pause = time.monotonic() + seconds, FIRST_PAUSE_S
    while not holds():
        assert time.monotonic() < deadline, f"did not happen within {seconds} s"
        time.sleep(pause)
        pause = min(1.3 * pause, LONGEST_PAUSE_S)
