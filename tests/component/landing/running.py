"""Landing run by tests: in a thread, or in a process that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from consumers.landing.limits import LandingLimits
from consumers.landing.loop import Progress
from consumers.landing.run import run_landing
from infra.settings import Settings
from tests.component.landing.place import Place

LIMITS = LandingLimits(batch_age_s=0.3, rescan_s=1.0, session_s=6.0)
SOON_S = 60.0


def land_until(place: Place, records: int, **changes: Any) -> Progress:
    """Run landing here until so many records are durable."""
    late = threading.Event()
    timer = threading.Timer(SOON_S, late.set)
    timer.start()
    limits = replace(LIMITS, group_id=place.group, **changes)
    try:
        done = run_landing(
            place.settings, place.catalog, late, limits=limits, until=lambda progress: progress.records >= records
        )
    finally:
        timer.cancel()
    assert not late.is_set(), f"only {done.records} of {records} records landed"
    return done


def land_rounds(place: Place, rounds: int, **changes: Any) -> Progress:
    """Run landing here for so many rounds of its loop after it has begun to read."""
    left = iter(range(rounds))
    limits = replace(LIMITS, group_id=place.group, **changes)

    def enough(_: Progress) -> bool:
        return place.members() > 0 and next(left, None) is None

    return run_landing(place.settings, place.catalog, threading.Event(), limits=limits, until=enough)


@contextmanager
def landing_thread(
    place: Place, *, settings: Settings | None = None, group: str | None = None, **changes: Any
) -> Iterator[threading.Event]:
    """Landing runs beside the block, which is given the event that stops it; its error is raised at the end."""
    stop = threading.Event()
    errors: list[BaseException] = []

    def run() -> None:
        limits = replace(LIMITS, group_id=group or place.group, **changes)
        try:
            run_landing(settings or place.settings, place.catalog, stop, limits=limits)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    if errors:
        raise errors[0]


def environment(place: Place) -> Mapping[str, str]:
    """What a process needs to work in this place."""
    return {
        **os.environ,
        "HAGIANG_HOME": str(place.settings.home),
        "HAGIANG_CONTRACTS": str(place.contracts),
        "LAKE_BUCKET": place.settings.lake.bucket,
    }


@contextmanager
def hagiang_land(place: Place, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A `hagiang land` process, killed at the end if it still runs; its log goes to the file."""
    command = [str(Path(sys.executable).with_name("hagiang")), "land", "--group", place.group]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment(place), stdout=output, stderr=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def land_and_die(place: Place, step: str, times: int = 1) -> None:
    """A landing process that kills itself with -9 at the given boundary between steps, when it passes it so often."""
    command = [sys.executable, "-m", "tests.component.landing.dying", place.group, step, str(times)]
    done = subprocess.run(command, env=environment(place), timeout=SOON_S, check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
