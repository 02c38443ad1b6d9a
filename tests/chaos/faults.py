"""What is done to a run, one fault at a time."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from random import Random

import psutil

from infra.local.status import stack_status
from infra.settings import Settings
from tests.chaos.kept import Kept
from tests.chaos.network import HARMS, SERVERS
from tests.relay import Relay


@dataclass(frozen=True)
class Scene:
    """Whom faults may hit: the run's processes by name, the servers of its stack, and the
    relays in front of them."""

    kept: Mapping[str, Kept]
    servers: Settings
    network: Mapping[str, Relay]


Fault = Callable[[Scene, Random], None]
"""Does harm and returns at once, or after it has mended what nobody else would."""


def kill(name: str) -> Fault:
    """`kill -9` of one of the run's processes; it is started again."""

    def fault(scene: Scene, rng: Random) -> None:
        if living := scene.kept[name].processes:
            rng.choice(living).kill()

    return fault


def zombie(name: str) -> Fault:
    """A process is stopped until its successor has worked, and then goes on as if nothing had happened."""

    def fault(scene: Scene, rng: Random) -> None:
        kept = scene.kept[name]
        if not kept.processes:
            return
        stopped = kept.processes[0]
        _tell(stopped, signal.SIGSTOP)
        kept.start()
        time.sleep(rng.uniform(2, 9))
        _tell(stopped, signal.SIGCONT)
        time.sleep(rng.uniform(3, 7))
        stopped.kill()

    return fault


def _tell(process: BaseProcess, number: signal.Signals) -> None:
    if process.pid is not None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


def kill_server(name: str) -> Fault:
    """`kill -9` of a server's processes; the stack's process manager starts it again."""

    def fault(scene: Scene, rng: Random) -> None:
        for process in processes_of(scene.servers, name):
            with suppress(psutil.NoSuchProcess):
                process.kill()

    return fault


def pause_server(name: str) -> Fault:
    """A server neither answers nor refuses for some seconds."""

    def fault(scene: Scene, rng: Random) -> None:
        processes = processes_of(scene.servers, name)
        signal_all(processes, signal.SIGSTOP)
        time.sleep(rng.uniform(1, 8))
        signal_all(processes, signal.SIGCONT)

    return fault


def network(name: str, harm: str) -> Fault:
    """Something befalls the way between the run's processes and a server."""

    def fault(scene: Scene, rng: Random) -> None:
        HARMS[harm](scene.network[name], rng)

    return fault


def processes_of(servers: Settings, name: str) -> list[psutil.Process]:
    """The server's own process and its children; none while it is being started."""
    pids = [part.pid for part in stack_status(servers.home, os.environ) if part.name == name and part.pid]
    try:
        return [each for pid in pids for each in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []


def signal_all(processes: list[psutil.Process], number: signal.Signals) -> None:
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.send_signal(number)


FAULTS: Mapping[str, Fault] = {
    "landing killed": kill("landing"),
    "loading killed": kill("loading"),
    "publishing killed": kill("publishing"),
    "landing a zombie": zombie("landing"),
    "loading a zombie": zombie("loading"),
    "kafka killed": kill_server("kafka"),
    "postgres killed": kill_server("postgres"),
    "store killed": kill_server("store"),
    "registry killed": kill_server("registry"),
    "kafka paused": pause_server("kafka"),
    "postgres paused": pause_server("postgres"),
    "store paused": pause_server("store"),
    **{f"{name} {harm}": network(name, harm) for name in SERVERS for harm in HARMS},
}
