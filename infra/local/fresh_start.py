"""Starts a part that forks workers: first ends the workers that an earlier, killed process of the part left behind.

Usage: python -m infra.local.fresh_start COMMAND... ; the marks in the environment say which part of which stack.
An Airflow scheduler killed with -9 leaves its executor's workers running, without anybody who would stop them.
"""

from __future__ import annotations

import os
import sys

import psutil

from infra.local.marks import HOME_MARK, PART_MARK


def main(command: list[str]) -> None:
    """Kill the same part's other processes, then become `command`."""
    home, part = os.environ[HOME_MARK], os.environ[PART_MARK]
    orphans = [process for process in psutil.process_iter() if _is_orphan(process, home, part)]
    for process in orphans:
        process.kill()
    psutil.wait_procs(orphans, timeout=5)
    os.execv(command[0], command)  # noqa: S606 (no shell is wanted)


def _is_orphan(process: psutil.Process, home: str, part: str) -> bool:
    try:
        environment = process.environ()
    except psutil.Error:
        return False  # gone meanwhile, or another user's
    marks = (environment.get(HOME_MARK), environment.get(PART_MARK))
    return bool(process.pid != os.getpid() and marks == (home, part))


if __name__ == "__main__":
    main(sys.argv[1:])
