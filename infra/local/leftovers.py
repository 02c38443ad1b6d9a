"""Finds and ends processes that a stack left behind, for example when supervisord was killed with -9."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path

import psutil

from infra.local.marks import HOME_MARK, PART_MARK

log = logging.getLogger(__name__)


def leftovers(home: Path, postgres_data: Path) -> list[psutil.Process]:
    """Every living process of the stack, but for this one.

    Parts and their children carry the state folder in their environment. PostgreSQL overwrites its environment, so
    its processes are known by their working folder, which is the data folder.
    """
    return [process for process in psutil.process_iter() if _belongs(process, home, postgres_data)]


def end_leftovers(home: Path, postgres_data: Path, patience: float = 10) -> list[str]:
    """Ask every leftover to end, kill what stays; returns what was ended, as `name (pid)`."""
    found = leftovers(home, postgres_data)
    ended = [f"{_name(process)} ({process.pid})" for process in found]
    for process in found:
        _send(process, force=False)
    _, stubborn = psutil.wait_procs(found, timeout=patience)
    for process in [*stubborn, *leftovers(home, postgres_data)]:
        _send(process, force=True)
    psutil.wait_procs(stubborn, timeout=5)
    if ended:
        log.info("Ended processes left behind by an earlier run", extra={"action": "end_leftovers", "ended": ended})
    return ended


def is_alive(pid: int) -> bool:
    """Whether the process still runs; one that has ended but was not yet collected by its parent does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _belongs(process: psutil.Process, home: Path, postgres_data: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        environment = process.environ()
        marked = PART_MARK in environment and environment.get(HOME_MARK) == str(home)
        return marked or str(process.cwd()) == str(postgres_data)
    except psutil.Error:
        return False  # gone meanwhile, or another user's


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return "ended"


def _send(process: psutil.Process, *, force: bool) -> None:
    try:
        # PostgreSQL waits for its clients on TERM; INT is its fast shutdown.
        polite = signal.SIGINT if process.name() == "postgres" else signal.SIGTERM
        process.send_signal(signal.SIGKILL if force else polite)
    except psutil.Error:
        return  # gone meanwhile
