"""`hagiang down`: ends every process of a stack, in the order opposite to their needs."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.local.assembly import parts_of
from infra.local.home import Home, one_at_a_time
from infra.local.leftovers import end_leftovers, is_alive
from infra.local.part import Part
from infra.local.postgres_place import place_of
from infra.local.stack import Stack, load_stack
from infra.local.supervisor import Supervisor


def bring_down(root: Path, environ: Mapping[str, str], *, purge: bool = False) -> None:
    """Leave no process of the stack in `root`, also when its supervisord is gone; `purge` removes all its data too."""
    home = Home(root)
    if not home.root.is_dir():
        return
    place = place_of(home, os.geteuid(), environ)
    with one_at_a_time(home):
        if home.ports.exists():
            stack = load_stack(home, environ)
            stop_stack(stack, parts_of(stack, place))
        end_leftovers(home.root, place.data)
        if purge:
            shutil.rmtree(place.data.parent, ignore_errors=True)
            shutil.rmtree(home.root)


def stop_stack(stack: Stack, parts: Sequence[Part], patience: float = 15) -> None:
    """Stop the parts that nobody needs first, then the others, then supervisord. Does nothing when it is not there."""
    supervisor = Supervisor(stack)
    if not supervisor.answers():
        return
    for wave in stop_waves(parts):
        supervisor.stop([part.name for part in wave], timeout=max(part.stop_seconds for part in wave) + 5)
    pid = supervisor.pid()
    supervisor.shutdown()
    deadline = time.monotonic() + patience
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def stop_waves(parts: Sequence[Part]) -> list[list[Part]]:
    """Parts in the order to stop them: those of one wave side by side, a server after all that speak to it."""
    waves = sorted({part.stop_wave for part in parts})
    return [[part for part in parts if part.stop_wave == wave] for wave in waves]
