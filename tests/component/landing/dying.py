"""Landing that kills itself: `python -m tests.component.landing.dying GROUP STEP TIMES`."""

from __future__ import annotations

import os
import signal
import sys
import threading
from dataclasses import replace

from consumers.landing.run import run_landing
from infra.settings import load_settings
from schemas.catalog import catalog_folder, load_catalog
from tests.component.landing.running import LIMITS


def main(group: str, step: str, times: int) -> None:
    passed = 0

    def die(at: str) -> None:
        nonlocal passed
        passed += at == step
        if passed == times:
            os.kill(os.getpid(), signal.SIGKILL)

    settings = load_settings(os.environ)
    folder = catalog_folder(os.environ)
    run_landing(
        settings, lambda: load_catalog(folder), threading.Event(), limits=replace(LIMITS, group_id=group), on_step=die
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
