"""House rules of the DAGs, held over the loaded DagBag."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag

import dags
from dags.load import load_dags
from schemas.catalog import load_catalog

TAGS = {
    "core",
    "load",
    "mart",
    "docs",
    "import",
    "quarantine",
    "government",
    "society",
    "economy",
    "fpt",
    "marketplace",
}
EVENTS = sorted(load_catalog())
DESK = ["repair_quarantine", "resume_breaker"]
"""They wait for people: a run that nobody answers must not keep others from starting."""


@pytest.fixture(scope="module")
def dagbag() -> DagBag:
    return DagBag(dag_folder=Path(dags.__file__).parent)


def test_there_is_one_load_for_each_contract_and_what_follows_them(dagbag: DagBag) -> None:
    assert len(EVENTS) >= 3
    others = [
        "apply_retention",
        "build_data_docs",
        "build_marts",
        "compact_lake",
        "erase_persons",
        "import_files",
        "rebuild_sample",
        "reconcile",
    ]
    others += ["recount_marketplaces", "replay_quarantine", "seal_batches", *DESK]
    assert sorted(dagbag.dags) == sorted([f"load_{event}" for event in EVENTS] + others)


def test_all_files_parse(dagbag: DagBag) -> None:
    assert dagbag.import_errors == {}


def test_every_dag_says_whose_it_is_and_what_to_do_when_it_fails(dagbag: DagBag) -> None:
    for dag in dagbag.dags.values():
        assert dag.doc_md, dag.dag_id
        assert "fails" in dag.doc_md, dag.dag_id
        assert "lỗi" in dag.doc_md, dag.dag_id
        assert dag.description, dag.dag_id
        assert dag.tags, dag.dag_id
        assert set(dag.tags) <= TAGS, dag.dag_id
        assert {task.owner for task in dag.tasks}.isdisjoint({"airflow", ""}), dag.dag_id


def test_transient_faults_are_retried_and_no_load_runs_beside_another(dagbag: DagBag) -> None:
    for dag in dagbag.dags.values():
        assert dag.max_active_runs == (8 if dag.dag_id in DESK else 1)
        assert not dag.catchup
        for task in dag.tasks:
            assert task.retries >= 3, task.task_id
            assert task.retry_policy is not None, task.task_id


@pytest.mark.parametrize("event", EVENTS)
def test_a_load_that_waits_for_a_server_that_hangs_is_ended_and_tried_again_later(dagbag: DagBag, event: str) -> None:
    for task in dagbag.dags[f"load_{event}"].tasks:
        assert task.execution_timeout == timedelta(minutes=15)
        assert task.retry_exponential_backoff
        assert task.max_retry_delay == timedelta(minutes=2)


@pytest.mark.parametrize("event", EVENTS)
def test_a_load_goes_stage_check_publish(dagbag: DagBag, event: str) -> None:
    dag = dagbag.dags[f"load_{event}"]
    assert dag.get_task("stage").downstream_task_ids == {"check"}
    assert dag.get_task("check").downstream_task_ids == {"publish"}
    assert [asset.name for asset in dag.get_task("publish").outlets] == [f"core.{event}"]


def test_marts_are_built_whole_only_when_a_run_asks_for_it(dagbag: DagBag) -> None:
    assert dagbag.dags["build_marts"].params.dump() == {"whole": False}


def test_a_replay_follows_the_loads_that_bring_references_one_event_at_a_time(dagbag: DagBag) -> None:
    dag = dagbag.dags["replay_quarantine"]
    woken_by = {asset.name for asset in dag.timetable.asset_condition.objects}
    assert woken_by == {"core.agency_registered", "core.procedure_published", "core.ocop_product_rated"}
    assert dag.get_task("due").downstream_task_ids == {"replay"}
    assert dag.get_task("replay").max_active_tis_per_dag == 1


def test_a_repair_goes_choose_dry_run_approve_repair(dagbag: DagBag) -> None:
    dag = dagbag.dags["repair_quarantine"]
    order = ["causes", "choose", "dry_run", "approve", "repair"]
    for before, after in pairwise(order):
        assert after in dag.get_task(before).downstream_task_ids
    assert dag.get_task("approve").options == ["Approve", "Reject"]
    assert dag.get_task("choose").params.dump()["action"] == "replay"


def test_a_task_that_is_about_to_run_builds_its_own_dag_alone() -> None:
    contracts = list(load_catalog().values())
    assert [dag.dag_id for dag in load_dags(contracts, wanted=f"load_{EVENTS[1]}")] == [f"load_{EVENTS[1]}"]
    assert len(load_dags(contracts, wanted=None)) == len(EVENTS)


def test_reading_the_dags_does_not_load_what_their_tasks_work_with() -> None:
    """The processor reads every file in a fresh process: these modules alone take seconds."""
    read = "import dags.repair_quarantine, dags.resume_breaker, dags.load, sys; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", read], capture_output=True, text=True, check=True, timeout=60)
    assert {"great_expectations", "datafusion", "pyarrow"}.isdisjoint(said.stdout.split())
