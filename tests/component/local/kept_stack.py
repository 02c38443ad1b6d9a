"""What the tests of the embedded stack do with it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from infra.local.home import Home
from infra.local.leftovers import leftovers
from infra.local.postgres_place import place_of
from infra.local.status import PartStatus, stack_status
from infra.settings import Settings
from tests import local_stack
from tests.waiting import wait_until


@dataclass(frozen=True)
class KeptStack:
    """`parts` are those that `up` starts; all of them when none is named."""

    home: Path
    parts: tuple[str, ...] = ()

    @property
    def settings(self) -> Settings:
        return local_stack.settings_of(self.home)

    def up(self) -> None:
        local_stack.start(self.home, self.parts)

    def status(self) -> dict[str, PartStatus]:
        return {part.name: part for part in stack_status(self.home, os.environ)}

    def is_ready(self, part: str) -> bool:
        (found,) = stack_status(self.home, os.environ, only=(part,))
        return found.ready

    def processes(self) -> list[psutil.Process]:
        """Every living process of the stack, found without asking its supervisor."""
        return leftovers(self.home, place_of(Home(self.home), os.geteuid(), os.environ).data)

    def kill(self, part: str) -> int:
        """kill -9 of the part's main process; returns its id."""
        pid = self.status()[part].pid
        assert pid is not None
        psutil.Process(pid).kill()
        return pid

    def cut_power(self) -> None:
        """kill -9 of everything, the supervisor first so that it restarts nothing."""
        for process in sorted(self.processes(), key=lambda found: "supervisord" not in " ".join(found.cmdline())):
            process.kill()
        wait_until(lambda: not self.processes(), 10)
