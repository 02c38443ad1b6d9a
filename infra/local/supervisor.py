"""Starts supervisord and speaks with it: the state of each part, start and stop."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.errors import OperatorError
from infra.local.marks import HOME_MARK, PART_MARK
from infra.local.part import Part
from infra.local.private_file import write_private
from infra.local.stack import Stack
from infra.local.supervisor_conf import USER, render

log = logging.getLogger(__name__)
KEPT_VARIABLES = ("PATH", "HOME", "TMPDIR", "TZ", "USER", "LOGNAME", "LD_LIBRARY_PATH")
# File names may hold Vietnamese letters, whatever the locale of the terminal.
LOCALE = {"LC_ALL": "C.UTF-8"}


class SupervisorDown(OperatorError):
    """The process manager does not answer: see logs/supervisor.log in the state folder, then run `hagiang up`."""

    retriable = True


@dataclass(frozen=True)
class PartState:
    """`state` in supervisord's words: STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED, FATAL, UNKNOWN."""

    name: str
    state: str
    pid: int
    started_at: datetime
    said: str

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        return self.state in ("STARTING", "RUNNING")


@dataclass(frozen=True)
class Supervisor:
    """The supervisord of one stack. Every call is one request of its own, so that threads may share the object."""

    stack: Stack

    def answers(self) -> bool:
        """Whether this stack's supervisord is there (another stack's does not know our password)."""
        try:
            return bool(self._call("getState")["statename"])
        except (OSError, xmlrpc.client.Error):
            return False

    def states(self) -> dict[str, PartState]:
        """Every part's state, by name."""
        return {info["name"]: _state(info) for info in self._ask("getAllProcessInfo")}

    def state_of(self, name: str) -> PartState:
        """One part's state."""
        return _state(self._ask("getProcessInfo", name))

    def start(self, name: str) -> None:
        """Ask for a start; returns at once, also when the part is running already."""
        try:
            self._call("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise SupervisorDown(f"{name} cannot be started: {fault.faultString}") from fault

    def stop(self, names: Iterable[str], timeout: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Stop parts side by side and wait until none of them is alive; one that it does not know is left out."""
        states = self.states()
        known = [name for name in names if name in states]
        for name in known:
            self._stop_one(name)
        deadline = clock() + timeout
        while clock() < deadline and any(self.state_of(name).pid for name in known):
            time.sleep(0.05)

    def pid(self) -> int:
        """Process id of supervisord."""
        return int(self._ask("getPID"))

    def shutdown(self) -> None:
        """End supervisord, and with it what it still runs."""
        self._ask("shutdown")

    def _stop_one(self, name: str) -> None:
        try:
            self._call("stopProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if "NOT_RUNNING" not in fault.faultString:
                raise

    def _ask(self, method: str, *arguments: Any) -> Any:
        try:
            return self._call(method, *arguments)
        except (OSError, xmlrpc.client.Error) as failure:
            raise SupervisorDown(f"{method}: {failure}") from failure

    def _call(self, method: str, *arguments: Any) -> Any:
        login = f"{USER}:{self.stack.credentials.supervisor}"
        with xmlrpc.client.ServerProxy(f"http://{login}@{self.stack.address('supervisor')}/RPC2") as proxy:
            return getattr(proxy.supervisor, method)(*arguments)


def start_supervisor(stack: Stack, parts: Iterable[Part], timeout: float = 20) -> Supervisor:
    """Write the configuration, start supervisord as a daemon, wait until it answers; raises SupervisorDown."""
    home = stack.home
    write_private(home.supervisor_conf, render(stack, parts))
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= LOCALE | {HOME_MARK: str(home.root), PART_MARK: "supervisor"}
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(home.supervisor_conf)]
    with home.log_of("supervisord.out").open("ab") as output:
        daemon = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=home.root,
            check=False,
        )
    supervisor = Supervisor(stack)
    deadline = time.monotonic() + timeout
    while not supervisor.answers():
        if daemon.returncode != 0 or time.monotonic() > deadline:
            raise SupervisorDown(home.log_of("supervisord.out").read_text(errors="replace")[-2000:])
        time.sleep(0.05)
    return supervisor


def _state(info: dict[str, Any]) -> PartState:
    started = datetime.fromtimestamp(info["start"], tz=UTC)
    said = info["spawnerr"] or info["description"]
    return PartState(info["name"], info["statename"], info["pid"], started, said)
