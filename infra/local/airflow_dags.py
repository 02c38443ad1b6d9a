"""Asks Airflow whether it has read the DAG of every contract."""

from __future__ import annotations

import time

import httpx

from infra.errors import OperatorError
from infra.local.home import PROJECT
from infra.local.stack import Stack
from schemas.catalog import load_catalog

PAGE = 100


class DagsNotRead(OperatorError):
    """Airflow has not made a DAG of every contract: mend what its DAG processor says, then run `hagiang up` again."""


def await_dags(stack: Stack, seconds: float = 90) -> None:
    """Wait for `load_<event>` of every contract; raises DagsNotRead with Airflow's import errors.

    With DAGs from elsewhere (HAGIANG_DAGS) nothing is known of their names, and nothing is waited for.
    """
    wanted = {f"load_{event}" for event in load_catalog(stack.contracts)} if stack.dags == PROJECT / "dags" else set()
    deadline = time.monotonic() + seconds
    while still := _still_missing(stack, wanted):
        if time.monotonic() > deadline:
            raise DagsNotRead(still)
        time.sleep(0.5)


def _still_missing(stack: Stack, wanted: set[str]) -> str:
    """What stands in the way, in words; empty when nothing does. A busy API server is asked again, as DAGs not read."""
    try:
        with _open_api(stack) as api:
            missing = wanted - _dag_ids(api)
            return f"no DAG {', '.join(sorted(missing))}; {_import_errors(api)}" if missing else ""
    except httpx.HTTPError as error:
        return f"Airflow's API does not answer as it should: {type(error).__name__} {error}"


def _open_api(stack: Stack) -> httpx.Client:
    login = {"username": "admin", "password": stack.credentials.airflow_admin}
    answer = httpx.post(f"{stack.url('airflow')}/auth/token", json=login, timeout=10).raise_for_status()
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    return httpx.Client(base_url=f"{stack.url('airflow')}/api/v2/", headers=headers, timeout=10)


def _dag_ids(api: httpx.Client) -> set[str]:
    found: set[str] = set()
    while True:
        page = api.get("dags", params={"limit": PAGE, "offset": len(found)}).raise_for_status().json()["dags"]
        found |= {dag["dag_id"] for dag in page}
        if len(page) < PAGE:
            return found


def _import_errors(api: httpx.Client) -> str:
    errors = api.get("importErrors").raise_for_status().json()["import_errors"]
    told = "\n".join(f"{error['filename']}: {error['stack_trace']}" for error in errors)
    return f"import errors:\n{told}" if told else "no import errors are known"
