"""Everything that goes on beside the pushes themselves: delivering them, pulling, recovering lost ones."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from pathlib import Path

from producers.marketplaces.deliver import Delivery
from producers.marketplaces.lane import Lane
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.pull import run_pull
from producers.marketplaces.pulls import PULLS
from producers.marketplaces.shopee_lost import apps_of, recover_lost

log = logging.getLogger(__name__)

LOST_EVERY_S = 600.0

Job = Callable[[threading.Event], None]


def run_marketplaces(delivery: Delivery, stop: threading.Event, alive: Path | None = None) -> None:
    """One thread a job, until told to stop; a job that breaks ends them all, and its error is raised.

    `alive` is a file that is touched every second meanwhile.
    """
    jobs: list[Job] = [*jobs_of(delivery), partial(heartbeat, alive)]
    with ThreadPoolExecutor(max_workers=len(jobs), thread_name_prefix="marketplaces") as pool:
        running = [pool.submit(job, stop) for job in jobs]
        log.info("Marketplaces: %d jobs", len(jobs), extra={"action": "marketplaces_started", "jobs": len(jobs)})
        try:
            wait(running, return_when=FIRST_COMPLETED)
        finally:
            stop.set()
    for job in running:
        job.result()


def heartbeat(alive: Path | None, stop: threading.Event) -> None:
    """Touch the file, if any, until told to stop."""
    while not stop.wait(1.0):
        if alive:
            alive.touch(mode=0o600)


def jobs_of(delivery: Delivery) -> Iterator[Job]:
    """What the configured shops need."""
    sessions = delivery.sessions
    for name in PLATFORMS:
        if sessions.marketplaces.of(name):
            yield Lane(name, delivery, time.monotonic).run
    for name, pull in PULLS.items():
        for _platform, session in sessions.all(name):
            yield partial(run_pull, partial(pull.once, delivery, session), session.shop.source, pause_s=pull.pause_s)
    for session in apps_of(sessions):
        recover = partial(recover_lost, session, delivery.store)
        yield partial(run_pull, recover, "lost pushes of shopee", pause_s=LOST_EVERY_S)
