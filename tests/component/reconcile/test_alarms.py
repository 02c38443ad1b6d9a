"""The command's lines and exit status, the metrics file, and the DAG's message and report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.component.reconcile.ground import Ground


def run(ground: Ground, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("hagiang")), "reconcile", ground.place.contract.event, *words]
    return subprocess.run(command, env=ground.environment(), capture_output=True, text=True, timeout=120, check=False)


def run_dag(ground: Ground, airflow_home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.component.reconcile.dag_task"]
    environment = {**ground.environment(), "AIRFLOW_HOME": str(airflow_home)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_ends_with_1_and_a_line_for_each_finding(ground: Ground, tmp_path: Path) -> None:
    metrics = tmp_path / "reconcile.prom"
    clean = run(ground, "--metrics", str(metrics))
    assert (clean.returncode, clean.stdout) == (0, "2 partitions compared, 0 findings\n"), clean.stderr
    assert 'findings{kind="not_landed"} 0' in metrics.read_text(encoding="utf-8")

    ground.place.send_good(2, start=3)
    behind = run(ground, "--not-landed-min", "0", "--metrics", str(metrics))
    assert behind.returncode == 1, behind.stderr
    first, last = behind.stdout.splitlines()
    assert first.startswith(f"not_landed {ground.place.topic}/0 [3, 5), since ")
    assert first.endswith("; see `hagiang status` and `hagiang logs landing`; landing goes on by itself once it runs")
    assert last == "2 partitions compared, 1 findings"
    text = metrics.read_text(encoding="utf-8")
    assert 'hagiang_reconcile_findings{kind="not_landed"} 1' in text
    assert f'hagiang_not_landed_offsets{{topic="{ground.place.topic}",partition="0"}} 2' in text
    assert f'hagiang_retention_left_seconds{{topic="{ground.place.topic}",partition="0"}} 86' in text
    report = json.loads(run(ground, "--not-landed-min", "0", "--json").stdout)
    assert [finding["kind"] for finding in report["findings"]] == ["not_landed"]


def test_the_dag_keeps_a_report_and_fails_with_the_findings(ground: Ground, tmp_path: Path) -> None:
    clean = run_dag(ground, tmp_path)
    assert clean.returncode == 0, clean.stderr
    said = json.loads(clean.stdout.splitlines()[-1])
    assert said["partitions"] == 2
    assert json.loads(ground.place.lake.get(said["report"]))["findings"] == []

    ground.damage("delete from core.{event} where kafka_partition = 1 and kafka_offset = 1")
    failed = run_dag(ground, tmp_path)
    assert failed.returncode == 1
    assert f"counts_differ {ground.place.topic}/1 [0, 3): rows loaded and in core: 3 and 2" in failed.stderr
    assert "reports/reconcile/" in failed.stderr
