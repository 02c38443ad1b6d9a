"""Shows the start of the stack: a line for each step with the seconds it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status

from infra.local.steps import Ended
from infra.local.up import Progress


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Lines on stderr; on a terminal a last line names what is still being waited for."""
    console = Console(stderr=True, highlight=False)
    started = time.monotonic()
    running: list[str] = []
    with console.status("looking around") as line:

        def begin(name: str) -> None:
            running.append(name)
            _name_running(line, running)

        def end(ended: Ended) -> None:
            running.remove(ended.name)
            console.print(f"  [green]✓[/green] {ended.name:22} {ended.seconds:5.1f} s")
            _name_running(line, running)

        yield Progress(begin, end, lambda note: console.print(f"  [yellow]![/yellow] {note}"))
    console.print(f"  all in {time.monotonic() - started:.1f} s")


def _name_running(line: Status, running: list[str]) -> None:
    line.update(f"waiting for {', '.join(running)}" if running else "done")
