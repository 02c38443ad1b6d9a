"""Landing as the run starts it: `python -m tests.chaos.landing`, which dies at some of its boundaries."""

from __future__ import annotations

import signal
import threading

from consumers.landing.limits import LandingLimits
from consumers.landing.run import run_landing
from schemas.catalog import load_catalog
from tests.chaos.mutants import break_build
from tests.chaos.surroundings import boundaries, from_environment


def main() -> None:
    break_build()
    at = from_environment()
    limits = LandingLimits(batch_age_s=0.6, rescan_s=1.0, session_s=6.0, group_id=f"landing-{at.contract.event}")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    run_landing(at.settings, lambda: load_catalog(at.contracts), stop, limits=limits, on_step=boundaries())


if __name__ == "__main__":
    main()
