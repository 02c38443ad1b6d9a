"""The main job, as `hagiang demo` runs it."""

from __future__ import annotations

import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.demo.ways import sdk
from infra.demo.ways.table import WAYS
from tests.acceptance.platform import Platform, example, json_lines, wait_for


@dataclass(frozen=True)
class Disturbed:
    """A demo during which processes were killed."""

    killed: int
    returncode: int
    output: str


def assert_all_agrees(output: str) -> None:
    assert "compared figures agree" in output, output
    assert "✗" not in output, output


PUBLISHED = {
    "level_four_share": "80.53",
    "portal_share": "100.00",
    "e_document_share": "100.00",
    "signed_document_share": "60.00",
    "meeting_point_share": "100.00",
    "fibre_share": "100.00",
    "broadband_share": "97.93",
    "centre_broadband_share": "100.00",
    "mobile_population_share": "98.60",
}
"""What the province published on 2021-06-23, with two decimals (domain facts; it published 98 % broadband)."""


def figures(platform: Platform) -> list[tuple[object, ...]]:
    return platform.sql("SELECT key, numerator, denominator FROM mart.kpi ORDER BY key", as_dashboard=True)


@pytest.fixture(scope="module")
def disturbed(platform: Platform) -> Disturbed:
    running = platform.start_hagiang("demo")
    said = read_until(running, "publishing")
    killed = 0
    while running.poll() is None and killed < 6:
        killed += kill_newest(platform, "landing") + kill_newest(platform, "airflow-scheduler")
        wait_for("landing to be back", lambda: bool(platform.processes("landing")))
    output = said + running.communicate(timeout=1800)[0]
    return Disturbed(killed, running.returncode, output)


def test_killing_landing_and_airflow_workers_changes_no_number(disturbed: Disturbed) -> None:
    assert disturbed.killed >= 2
    assert disturbed.returncode == 0, disturbed.output
    assert_all_agrees(disturbed.output)


def test_23_contracts_flow_by_every_way_and_one_query_gives_the_nine_published_figures(
    platform: Platform, disturbed: Disturbed
) -> None:
    assert disturbed.returncode == 0, disturbed.output
    assert "Freshness, from Kafka to the marts: p50" in disturbed.output
    ways = disturbed.output.partition("The ways in")[2].partition("Conservation")[0]
    assert [name for name in (sdk.NAME, *(way.name for way in WAYS)) if name not in ways] == []
    loaded = platform.sql(
        "SELECT event FROM ledger.load WHERE state = 'published' GROUP BY event HAVING sum(loaded) > 0"
    )
    assert len(loaded) == 23
    query = "SELECT key, round(value, 2)::text FROM mart.kpi WHERE key = ANY (:keys)"
    assert dict(platform.sql(query, as_dashboard=True, keys=list(PUBLISHED))) == PUBLISHED


def test_the_same_events_again_are_duplicates_and_change_no_figure(platform: Platform, disturbed: Disturbed) -> None:
    assert disturbed.returncode == 0, disturbed.output
    before = figures(platform)
    again = platform.hagiang("demo")
    assert again.returncode == 0, again.stdout + again.stderr
    assert_all_agrees(again.stdout)
    assert "no row was new" in again.stdout
    assert len(before) >= 5
    assert figures(platform) == before


def read_until(running: subprocess.Popen[str], word: str) -> str:
    """What the command says up to the line with that word; the stack is up by then and the events are on their way."""
    said = ""
    for line in running.stdout or ():
        said += line
        if word in line and "before" not in line:
            return said
    raise AssertionError(f"ended before it said {word!r}: {said}")


def kill_newest(platform: Platform, part: str) -> int:
    """Landing itself, or of the scheduler's processes the youngest, which is a worker or its task."""
    processes = platform.processes(part)
    if not processes or (part == "airflow-scheduler" and len(processes) < 2):
        return 0
    processes[-1].send_signal(signal.SIGKILL)
    return 1


def test_a_users_own_events_take_the_same_way(platform: Platform, tmp_path: Path) -> None:
    good = {**example("dossier_status_changed", "submitted_online"), "event_id": "01790000-0000-7000-8000-0000000000a1"}
    path = tmp_path / "dossier_status_changed.jsonl"
    path.write_text(json_lines([good, {**good, "status": 11}, good]), encoding="utf-8")
    job = platform.hagiang("demo", "--input", str(path))
    assert job.returncode == 0, job.stdout + job.stderr
    assert "dossier_status_changed.jsonl line 2: [max] status" in job.stdout
    assert platform.sql(
        "SELECT count(*) FROM core.dossier_status_changed WHERE event_id = CAST(:id AS uuid)", id=good["event_id"]
    ) == [(1,)]
