"""Runs named steps that need each other, those that can side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """`run` does the work; `needs` are names of steps that must have ended well before it."""

    name: str
    run: Callable[[], object]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """A step that ended well, and how long it took."""

    name: str
    seconds: float


def run_steps(steps: Sequence[Step], on_start: Callable[[str], None], on_end: Callable[[Ended], None]) -> list[Ended]:
    """Run all steps; both callbacks come from this thread, in the order of events.

    When a step raises, none is started any more, those that run are waited for, and the first error is raised.
    """
    ended: list[Ended] = []
    waiting = {step.name: step for step in steps}
    running: dict[Future[Ended], str] = {}
    failures: list[BaseException] = []
    with ThreadPoolExecutor(max_workers=max(len(steps), 1)) as pool:
        while running or (waiting and not failures):
            if not failures:
                for step in _startable(waiting, {one.name for one in ended}):
                    on_start(step.name)
                    running[pool.submit(_timed, step)] = step.name
                    del waiting[step.name]
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                del running[future]
                failure = future.exception()
                if failure is None:
                    ended.append(future.result())
                    on_end(ended[-1])
                else:
                    failures.append(failure)
    if failures:
        raise failures[0]
    return ended


def with_needs(names: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """The names and everything they need, directly or not."""
    found: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            pending.extend(needs[name])
    return found


def _startable(waiting: Mapping[str, Step], ended: set[str]) -> list[Step]:
    return [step for step in waiting.values() if ended.issuperset(step.needs)]


def _timed(step: Step) -> Ended:
    start = time.monotonic()
    step.run()
    return Ended(step.name, time.monotonic() - start)
