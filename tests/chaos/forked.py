"""Processes forked from one that has imported everything, so that a new one works at once: an import of Great
Expectations takes many times as long as the load that a fault is to hit."""

from __future__ import annotations

import importlib
import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess
from pathlib import Path

PARTS: Mapping[str, str] = {
    "landing": "tests.chaos.landing",
    "loading": "tests.chaos.loading",
    "publishing": "tests.chaos.publishing",
}
"""The module whose `main` a part of a run is."""

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(list(PARTS.values()))


def forked(part: str, environment: Mapping[str, str], log: Path) -> ForkServerProcess:
    """The part as a process of its own, with this environment; what it says is added to the log."""
    process = _FORKS.Process(target=_run, args=(PARTS[part], dict(environment), log))
    process.start()
    return process


def _run(module: str, environment: Mapping[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream in (1, 2):
        os.dup2(said, stream)
    importlib.import_module(module).main()
