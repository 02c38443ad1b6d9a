"""Processes that kill themselves at the boundaries between their steps, by the lot of the run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from random import Random


def dying(rng: Random, share: float) -> Callable[[str], None]:
    """To be called at each boundary: in that share of the calls the process ends there, as by `kill -9`."""

    def on_step(name: str) -> None:
        if rng.random() < share:
            sys.stderr.write(f"dies at {name}\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step
