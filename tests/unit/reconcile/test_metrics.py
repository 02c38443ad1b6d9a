"""The Prometheus text of a survey."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from consumers.reconcile.compare import compare
from consumers.reconcile.metrics import write_metrics
from consumers.reconcile.partition import LogState
from consumers.reconcile.survey import Survey
from tests.unit.reconcile.test_compare import DAY_MS, IN_ORDER, LIMITS, NOW, OLD


def test_findings_backlogs_and_the_time_left_are_gauges(tmp_path: Path) -> None:
    behind = replace(IN_ORDER, log=LogState(0, 25, OLD, DAY_MS), watermark=10)
    found = Survey(NOW, tuple(compare(behind, LIMITS, NOW)), (behind,), ())
    path = tmp_path / "reconcile.prom"
    write_metrics(path, found)
    text = path.read_text(encoding="utf-8").splitlines()
    labels = '{topic="society.visit",partition="0"}'
    assert 'hagiang_reconcile_findings{kind="not_landed"} 1' in text
    assert 'hagiang_reconcile_findings{kind="lost"} 0' in text
    assert f"hagiang_not_landed_offsets{labels} 5" in text
    assert f"hagiang_not_loaded_offsets{labels} 10" in text
    assert f"hagiang_retention_left_seconds{labels} {timedelta(hours=23).total_seconds():.0f}" in text
    assert f"hagiang_reconcile_timestamp_seconds {NOW.timestamp():.0f}" in text
    assert next(line for line in text if line.startswith("# TYPE")).endswith(" gauge")
    assert list(tmp_path.iterdir()) == [path]
