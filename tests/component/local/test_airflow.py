"""Airflow runs tasks quickly, and goes on when its workers or its scheduler are killed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from infra.local.airflow_parts import airflow_parts
from infra.local.home import Home
from infra.local.stack import load_stack
from tests import local_stack
from tests.component.local.airflow_api import AirflowApi
from tests.component.local.kept_stack import KeptStack, wait_until

DAGS = Path(__file__).parent / "dags"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptStack]:
    """Airflow and the PostgreSQL under it, with DAGs of our own."""
    home = tmp_path_factory.mktemp("airflow")
    names = tuple(part.name for part in airflow_parts(load_stack(Home(home), os.environ)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAGIANG_DAGS", str(DAGS))
        try:
            local_stack.start(home, names)
            yield KeptStack(home, names)
        finally:
            local_stack.stop(home)


@pytest.fixture(scope="module")
def airflow(stack: KeptStack) -> AirflowApi:
    api = AirflowApi(stack.settings.airflow)
    wait_until(lambda: all(api.knows(dag) for dag in ("short_nap", "long_nap", "preloaded")), 60)
    return api


def workers(stack: KeptStack) -> list[psutil.Process]:
    return [process for process in stack.processes() if "LocalExecutor" in " ".join(process.cmdline())]


def run_to_its_end(airflow: AirflowApi, dag: str, seconds: float) -> str:
    run = airflow.trigger(dag)
    wait_until(lambda: airflow.state(dag, run) in ("success", "failed"), seconds)
    assert airflow.state(dag, run) == "success"
    return run


def test_tasks_find_the_heavy_libraries_loaded(airflow: AirflowApi) -> None:
    run = run_to_its_end(airflow, "preloaded", 60)
    assert len(airflow.returned("preloaded", run)) == 5


def test_tasks_run_on_after_every_waiting_worker_was_killed(stack: KeptStack, airflow: AirflowApi) -> None:
    run_to_its_end(airflow, "short_nap", 60)
    killed = workers(stack)
    assert len(killed) >= 4
    for worker in killed:
        worker.kill()
    run_to_its_end(airflow, "short_nap", 120)


def test_task_whose_worker_was_killed_is_done_again(stack: KeptStack, airflow: AirflowApi) -> None:
    run = airflow.trigger("long_nap")
    wait_until(lambda: airflow.task("long_nap", run)["state"] == "running", 60)
    busy = [worker for worker in workers(stack) if "<idle>" not in " ".join(worker.cmdline())]
    assert busy
    for worker in busy:
        worker.kill()
    wait_until(lambda: airflow.state("long_nap", run) == "success", 150)
    assert airflow.task("long_nap", run)["try_number"] > 1


def test_killed_scheduler_comes_back_and_leaves_no_orphan(stack: KeptStack, airflow: AirflowApi) -> None:
    orphans = workers(stack)
    stack.kill("airflow-scheduler")
    run_to_its_end(airflow, "short_nap", 120)
    assert not [worker for worker in orphans if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]


def test_api_wants_a_login(stack: KeptStack, airflow: AirflowApi) -> None:
    url = stack.settings.airflow.url
    assert httpx.get(f"{url}/api/v2/dags").status_code == 401
    wrong = {"username": "admin", "password": "wrong"}
    assert httpx.post(f"{url}/auth/token", json=wrong).status_code == 401


def test_airflow_listens_on_loopback_alone(stack: KeptStack) -> None:
    sockets = [one for process in stack.processes() for one in process.net_connections() if one.status == "LISTEN"]
    assert len(sockets) >= 3
    assert {one.laddr.ip.removeprefix("::ffff:") for one in sockets} == {"127.0.0.1"}
