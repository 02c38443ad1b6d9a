"""Processes that kill themselves, or stand still, at the boundaries between their steps, by the lot of the run."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from random import Random

_STILL_SECONDS = 0.5, 4.0


def dying(
    rng: Random, share: float, stalling: float = 0, at: str = "", sleep: Callable[[float], None] = time.sleep
) -> Callable[[str], None]:
    """To be called at each boundary: in `share` of the calls the process ends there, as by `kill -9`.

    In `stalling` of them it stands still for some seconds, while another process may overtake it. Only boundaries
    whose name begins with `at` count.
    """

    def on_step(name: str) -> None:
        if not name.startswith(at):
            return
        lot = rng.random()
        if lot < share:
            sys.stderr.write(f"dies at {name}\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        elif lot < share + stalling:
            sleep(rng.uniform(*_STILL_SECONDS))

    return on_step
