"""The DAG's task with everything it opens itself: settings, bucket, catalogue, producer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from infra.settings import Settings
from producers.files.drop import Desk
from tests.unit.files.written_files import TOURISM, visit, write_csv


def run_task_twice(settings: Settings, folder: Path) -> list[str]:
    environ = {
        **os.environ,
        "HAGIANG_HOME": str(settings.home),
        "LAKE_BUCKET": settings.lake.bucket,
        "AIRFLOW_HOME": str(folder / "airflow"),
    }
    command = [sys.executable, "-m", "tests.component.files.dag_task"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-2:]


def test_the_task_imports_what_waits_and_skips_when_nothing_does(
    settings: Settings, desk: Desk, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2)])
    desk.store.put("drop/tourism/f.csv", path.read_bytes())
    assert run_task_twice(settings, tmp_path) == ['{"drop/tourism/f.csv": 2}', "skipped"]
