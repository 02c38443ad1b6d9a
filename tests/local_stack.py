"""Stacks for tests: started by the same code as `hagiang up`, on free ports, in a folder of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from infra.local.down import bring_down
from infra.local.status import stack_status
from infra.local.up import SILENT, bring_up
from infra.settings import Settings, load_settings, read_env_file

# A developer's speed-up: the state folder of a running stack that component tests may use instead of their own.
SHARED = "HAGIANG_TEST_HOME"
SERVERS = ("postgres", "kafka", "store", "registry")


def odd_home(folder: Path) -> Path:
    """A state folder far below `folder`, with spaces and Vietnamese letters in its path: every part must stand that."""
    return folder / ("deep " * 12).strip() / "Hà Giang"


def start(home: Path, parts: Collection[str] = ()) -> Settings:
    """A running stack with the given parts (all when none is given); raises what `hagiang up` would."""
    told = replace(SILENT, on_note=lambda note: print(note, file=sys.stderr))
    bring_up(home, os.environ, only=parts, automatic_ports=True, progress=told)
    return settings_of(home)


def stop(home: Path) -> None:
    """End every process of the stack and remove its data."""
    bring_down(home, os.environ, purge=True)


def settings_of(home: Path) -> Settings:
    """The settings of the stack in `home`, whatever the surroundings say."""
    return load_settings({**read_env_file(home / "stack.env"), "HAGIANG_HOME": str(home)})


@contextmanager
def running_stack(home: Path, parts: Collection[str]) -> Iterator[Settings]:
    """A stack with the parts: the shared one where HAGIANG_TEST_HOME names a running one, else a new one in `home`."""
    if shared := _shared_home(parts):
        yield settings_of(shared)
        return
    try:
        yield start(home, parts)
    finally:
        stop(home)


def _shared_home(parts: Collection[str]) -> Path | None:
    named = os.environ.get(SHARED)
    if not named:
        return None
    ready = {part.name for part in stack_status(Path(named), os.environ) if part.ready}
    return Path(named) if ready.issuperset(parts) else None
