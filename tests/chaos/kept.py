"""Processes of a run that are started again whenever they end."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.chaos.forked import forked

_KILLED = -signal.SIGKILL


@dataclass
class Kept:
    """One part of the run: `count` processes, or one more while a zombie is awaited.

    `finished` once it has ended with 0, where it may.
    """

    name: str
    environment: Mapping[str, str]
    folder: Path
    may_finish: bool = False
    count: int = 1
    finished: bool = False
    retired: bool = False
    turns: int = 0
    kills: int = 0
    unexplained: list[str] = field(default_factory=list)
    processes: list[ForkServerProcess] = field(default_factory=list)

    def start(self) -> ForkServerProcess:
        """One process more."""
        self.turns += 1
        environment = {**self.environment, "CHAOS_TURN": f"{self.name} {self.turns}"}
        process = forked(self.name, environment, self.log)
        self.processes.append(process)
        return process

    @property
    def log(self) -> Path:
        """What all its processes say."""
        return self.folder / f"{self.name}.log"

    def look_after(self) -> None:
        """Replace what has ended; an end that no fault explains is noted."""
        for process in list(self.processes):
            if (code := process.exitcode) is not None:
                self.processes.remove(process)
                self._account_for(code)
        while len(self.processes) < self.count and not (self.finished or self.retired):
            self.start()

    def _account_for(self, code: int) -> None:
        if code == _KILLED:
            self.kills += 1
        elif code in (0, -signal.SIGTERM) and self.retired:
            return
        elif code == 0 and self.may_finish:
            self.finished = True
        else:
            self.unexplained.append(f"{self.name} ended with {code}: {self._last_words()}")

    def retire(self) -> None:
        """Let each process come to the end of what it is at; none is started again."""
        self.retired = True
        for process in list(self.processes):
            process.terminate()

    def end(self) -> None:
        """Kill them all."""
        for process in self.processes:
            process.kill()
            process.join()
        self.processes.clear()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "nothing said"
