"""The commands around a running stack, as an operator types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from infra.settings import load_settings
from tests.component.local.kept_stack import KeptStack

HAGIANG = Path(sys.executable).parent / "hagiang"


def hagiang(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "HAGIANG_HOME": str(home), **variables}
    return subprocess.run([HAGIANG, *words], env=environ, capture_output=True, text=True, timeout=120, check=False)


def test_status_tells_what_runs_and_fails_while_a_part_is_missing(stack: KeptStack) -> None:
    answer = hagiang(stack.home, "status", "--json")
    parts = {part["name"]: part for part in json.loads(answer.stdout)}
    assert {name for name, part in parts.items() if part["ready"]} == set(stack.parts)
    assert parts["landing"] | {"log": ""} == {
        "name": "landing",
        "state": "stopped",
        "ready": False,
        "pid": None,
        "log": "",
    }
    assert answer.returncode == 1


def test_env_can_be_read_by_a_shell(stack: KeptStack) -> None:
    script = f'eval "$({HAGIANG} env)"; env -0'
    environ = {"PATH": os.environ["PATH"], "HAGIANG_HOME": str(stack.home)}
    seen = subprocess.run(["sh", "-c", script], env=environ, capture_output=True, text=True, check=True).stdout
    variables = dict(line.split("=", 1) for line in seen.split("\0") if line)
    assert load_settings({**variables, "HAGIANG_HOME": "/nowhere"}).kafka == stack.settings.kafka


def test_logs_prints_the_end_of_a_part_s_log(stack: KeptStack) -> None:
    assert "database system is ready" in hagiang(stack.home, "logs", "postgres", "-n", "200").stdout


def test_logs_of_an_unknown_part_names_the_known_ones(stack: KeptStack) -> None:
    answer = hagiang(stack.home, "logs", "oracle")
    assert answer.returncode == 2
    assert "postgres" in answer.stderr


def test_unknown_part_to_start_is_named(stack: KeptStack) -> None:
    answer = hagiang(stack.home, "up", "--only", "oracle")
    assert answer.returncode == 1
    assert "oracle (there are postgres, kafka," in answer.stderr


def test_env_before_the_first_start_says_what_to_do(tmp_path: Path) -> None:
    answer = hagiang(tmp_path / "never", "env")
    assert answer.returncode == 1
    assert "hagiang up" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_missing_maven_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    answer = hagiang(home, "up", HAGIANG_CACHE=str(tmp_path / "cache"), PATH=str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.count("\n") <= 3
    assert "apt-get install maven" in answer.stderr
    assert not home.exists()
