"""Landing in a process of its own, held at the start line until told to go."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event as Flag
from typing import Any

from consumers.landing.loop import Progress
from consumers.landing.run import run_landing
from infra.settings import load_settings
from schemas.catalog import load_catalog

LIMIT_SECONDS = 600


@dataclass(frozen=True)
class StartLine:
    """`ready` is set when `warm_up` records have landed, then landing waits for `go` and lands `records` more."""

    environ: Mapping[str, str]
    event: str
    warm_up: int
    records: int
    ready: Flag
    go: Flag
    seconds: Any


@contextmanager
def landing_at_start_line(environ: Mapping[str, str], event: str, warm_up: int, records: int) -> Iterator[StartLine]:
    """The process, joined to its group and ready; it has ended when the context has."""
    context = multiprocessing.get_context("spawn")
    line = StartLine(environ, event, warm_up, records, context.Event(), context.Event(), context.Queue())
    process = context.Process(target=_land, args=(line,), daemon=True)
    process.start()
    try:
        yield line
    finally:
        line.go.set()
        process.join(30)
        process.kill()


def seconds_taken(line: StartLine) -> float:
    """How long the records took from `go` until all were durable and noted for commit; waits for it."""
    return float(line.seconds.get(timeout=LIMIT_SECONDS))


def _land(line: StartLine) -> None:
    os.environ.update(line.environ)
    settings, catalog = load_settings(line.environ), load_catalog()
    started: list[float] = []

    def until(progress: Progress) -> bool:
        if not started and progress.records >= line.warm_up:
            line.ready.set()
            line.go.wait(LIMIT_SECONDS)
            started.append(time.perf_counter())
        return progress.records >= line.warm_up + line.records

    run_landing(settings, lambda: {line.event: catalog[line.event]}, threading.Event(), until=until)
    line.seconds.put(time.perf_counter() - started[0])
