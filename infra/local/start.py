"""Starts one part and waits until the part itself answers."""

from __future__ import annotations

import time
from pathlib import Path

from infra.errors import OperatorError
from infra.local.home import Home
from infra.local.part import Part
from infra.local.ports import is_free
from infra.local.supervisor import PartState, Supervisor

POLL_SECONDS = 0.3
ALLOWED_STARTS = 2


class PartNotUp(OperatorError):
    """A part of the stack did not come up: its log says why; mend it, then run `hagiang up` again."""

    retriable = True


def start_part(supervisor: Supervisor, home: Home, part: Part) -> None:
    """Start the part unless it runs, wait until it is ready; raises PartNotUp with the end of its log."""
    if not supervisor.state_of(part.name).alive:
        if part.before_start:
            part.before_start()
        supervisor.start(part.name)
    deadline = time.monotonic() + part.ready_seconds
    pids: set[int] = set()
    while True:
        state = supervisor.state_of(part.name)
        pids |= {state.pid} - {0}
        if state.state == "RUNNING" and answers(part, state):
            return
        why = _why_hopeless(part, state, len(pids), time.monotonic() > deadline)
        if why:
            raise PartNotUp(f"{part.name} {why}. The end of {home.log_of(part.name)}:\n{tail(home.log_of(part.name))}")
        time.sleep(POLL_SECONDS)


def answers(part: Part, state: PartState) -> bool:
    """Whether the part is ready. Any error of its client counts as no: a server that comes up gives all kinds."""
    if is_free(part.port):
        return False
    try:
        return bool(part.ready(state.started_at))
    except Exception:
        return False


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, indented; says so when there is none."""
    if not path.exists():
        return "  (no log yet)"
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 20_000))
        text = file.read().decode(errors="replace")
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:])


def _why_hopeless(part: Part, state: PartState, starts: int, late: bool) -> str:
    if state.state == "FATAL" or starts > ALLOWED_STARTS:
        return f"ends again and again ({state.said})"
    return f"does not answer after {part.ready_seconds} s" if late else ""
