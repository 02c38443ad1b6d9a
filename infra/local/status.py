"""What each part of a stack is doing now."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.assembly import parts_of
from infra.local.home import Home
from infra.local.postgres_place import place_of
from infra.local.stack import load_stack
from infra.local.start import answers
from infra.local.supervisor import PartState, Supervisor


@dataclass(frozen=True)
class PartStatus:
    """`ready` was asked of the part itself; `state` is the process manager's word, lower case."""

    name: str
    state: str
    ready: bool
    pid: int | None
    log: str


def stack_status(root: Path, environ: Mapping[str, str], only: Collection[str] = ()) -> list[PartStatus]:
    """One entry for each part, or for `only` some; empty when the state folder has never seen a start."""
    home = Home(root)
    if not home.ports.exists():
        return []
    stack = load_stack(home, environ)
    parts = parts_of(stack, place_of(home, os.geteuid(), environ))
    supervisor = Supervisor(stack)
    states: dict[str, PartState] = supervisor.states() if supervisor.answers() else {}
    return [
        PartStatus(
            name=part.name,
            state=states[part.name].state.lower() if part.name in states else "stopped",
            ready=part.name in states and states[part.name].alive and answers(part, states[part.name]),
            pid=(states[part.name].pid or None) if part.name in states else None,
            log=str(home.log_of(part.name)),
        )
        for part in parts
        if not only or part.name in only
    ]
