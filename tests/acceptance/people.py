"""People who work in Airflow, each with an account of their own, as its web interface lets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from infra.settings import Login
from tests.acceptance.platform import Platform, wait_for


@dataclass(frozen=True)
class Person:
    """Somebody with an account in the platform's Airflow."""

    platform: Platform
    login: Login

    def trigger(self, dag: str) -> str:
        """The id of a new run."""
        return str(self._ask("POST", f"dags/{dag}/dagRuns", json={"logical_date": None}).json()["dag_run_id"])

    def asked(self, dag: str, run: str, task: str) -> dict[str, Any]:
        """What the task wants to know, as soon as it asks."""
        path = f"dags/{dag}/dagRuns/{run}/taskInstances/{task}"
        wait_for(f"{task} of {dag}", lambda: self._state(path) == "awaiting_input")
        question: dict[str, Any] = self._ask("GET", f"{path}/-1/hitlDetails").json()
        return question

    def answer(self, dag: str, run: str, task: str, option: str, **form: str) -> int:
        """Answer the task until it has taken the answer; the status of Airflow's own answer.

        Airflow asks anew when an answer comes before its scheduler has seen the end of the process that asked.
        """
        path = f"dags/{dag}/dagRuns/{run}/taskInstances/{task}"
        body = {"chosen_options": [option], "params_input": form}
        while True:
            status = self._request("PATCH", f"{path}/-1/hitlDetails", json=body).status_code
            if status != httpx.codes.OK:
                return status
            wait_for(f"{task} of {dag} to go on", lambda: self._state(path) in ("success", "failed", "awaiting_input"))
            if self._state(path) != "awaiting_input":
                return status

    def finish(self, dag: str, run: str) -> None:
        """Wait for the end of the run, which must be a good one."""
        path = f"dags/{dag}/dagRuns/{run}"
        wait_for(f"the run of {dag}", lambda: self._ask("GET", path).json()["state"] in ("success", "failed"))
        assert self._ask("GET", path).json()["state"] == "success"

    def _state(self, path: str) -> str:
        return str(self._ask("GET", path).json()["state"])

    def _ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        return self._request(method, path, **how).raise_for_status()

    def _request(self, method: str, path: str, **how: Any) -> httpx.Response:
        url = self.platform.settings.airflow.url
        login = {"username": self.login.user, "password": self.login.password}
        token = httpx.post(f"{url}/auth/token", json=login, timeout=30).raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.request(method, f"{url}/api/v2/{path}", headers=headers, timeout=30, **how)


def administrator(platform: Platform) -> Person:
    return Person(platform, platform.settings.airflow.admin)


def reviewer(platform: Platform) -> Person:
    known = platform.stack_env
    return Person(platform, Login(known["AIRFLOW_REVIEWER_USER"], known["AIRFLOW_REVIEWER_PASSWORD"]))
