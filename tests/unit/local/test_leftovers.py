"""Processes that a dead supervisor left behind are found by their marks, and by nothing less."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.leftovers import end_leftovers, is_alive, leftovers

Sleeper = Callable[..., int]


@pytest.fixture
def sleeper() -> Iterator[Sleeper]:
    """Starts a process with the given variables and working folder; ends it in the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(cwd: Path, stubborn: bool = False, **variables: str) -> int:
        ignore = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" if stubborn else ""
        code = f"{ignore}import time\nprint('up', flush=True)\ntime.sleep(60)"
        process = subprocess.Popen(
            [sys.executable, "-c", code], cwd=cwd, env={**os.environ, **variables}, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        started.append(process)
        return process.pid

    yield start
    for process in started:
        process.kill()
        process.communicate()


def found(home: Path) -> set[int]:
    return {process.pid for process in leftovers(home, home / "pg")}


def test_marked_process_of_this_home_is_found(tmp_path: Path, sleeper: Sleeper) -> None:
    pid = sleeper(tmp_path, HAGIANG_HOME=str(tmp_path), HAGIANG_PART="landing")
    assert found(tmp_path) == {pid}


def test_postgres_is_found_by_its_working_folder(tmp_path: Path, sleeper: Sleeper) -> None:
    (tmp_path / "pg").mkdir()
    pid = sleeper(tmp_path / "pg")
    assert found(tmp_path) == {pid}


def test_another_stack_and_a_mere_user_of_this_one_are_let_be(tmp_path: Path, sleeper: Sleeper) -> None:
    sleeper(tmp_path, HAGIANG_HOME=str(tmp_path / "other"), HAGIANG_PART="landing")
    sleeper(tmp_path, HAGIANG_HOME=str(tmp_path))
    assert found(tmp_path) == set()


def test_stubborn_process_is_killed(tmp_path: Path, sleeper: Sleeper) -> None:
    pid = sleeper(tmp_path, stubborn=True, HAGIANG_HOME=str(tmp_path), HAGIANG_PART="landing")
    assert len(end_leftovers(tmp_path, tmp_path / "pg", patience=0.3)) == 1
    assert not is_alive(pid)
