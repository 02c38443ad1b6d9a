"""Runs of a DAG, by Airflow's API."""

from __future__ import annotations

from typing import Any

import httpx

from infra.settings import Airflow


class AirflowApi:
    def __init__(self, airflow: Airflow) -> None:
        login = {"username": airflow.admin.user, "password": airflow.admin.password}
        token = httpx.post(f"{airflow.url}/auth/token", json=login).raise_for_status().json()["access_token"]
        self._client = httpx.Client(
            base_url=f"{airflow.url}/api/v2/dags/", headers={"Authorization": f"Bearer {token}"}, timeout=120
        )

    def knows(self, dag: str) -> bool:
        return self._client.get(dag).is_success

    def trigger(self, dag: str) -> str:
        """The id of the new run."""
        run = self._client.post(f"{dag}/dagRuns", json={"logical_date": None}).raise_for_status().json()
        return str(run["dag_run_id"])

    def state(self, dag: str, run: str) -> str:
        return str(self._client.get(f"{dag}/dagRuns/{run}").raise_for_status().json()["state"])

    def task(self, dag: str, run: str) -> dict[str, Any]:
        """The only task of the run."""
        page = self._client.get(f"{dag}/dagRuns/{run}/taskInstances").raise_for_status().json()
        task: dict[str, Any] = page["task_instances"][0]
        return task

    def returned(self, dag: str, run: str) -> Any:
        """What the only task of the run returned."""
        task = self.task(dag, run)["task_id"]
        entry = self._client.get(f"{dag}/dagRuns/{run}/taskInstances/{task}/xcomEntries/return_value")
        return entry.raise_for_status().json()["value"]
