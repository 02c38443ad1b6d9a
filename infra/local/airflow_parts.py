"""Airflow's four servers: API and web interface, scheduler with its task processes, DAG processor, triggerer."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import httpx

from infra.local.airflow_environment import airflow_environment, passwords_file
from infra.local.home import PROJECT
from infra.local.part import Part
from infra.local.private_file import write_private
from infra.local.stack import Stack, program

PRELOAD_FOLDER = Path(__file__).parent / "airflow"
TABLES = "airflow-tables"
API_SERVER = "airflow-api-server"


def airflow_parts(stack: Stack) -> list[Part]:
    """The four servers; each counts as ready when Airflow's health page knows a heartbeat of this very process."""
    preload = {"PYTHONPATH": str(PRELOAD_FOLDER)}
    return [
        _part(stack, API_SERVER, ("api-server",), "metadatabase"),
        _part(stack, "airflow-scheduler", ("scheduler", "--skip-serve-logs"), "scheduler", preload),
        _part(stack, "airflow-dag-processor", ("dag-processor",), "dag_processor"),
        _part(stack, "airflow-triggerer", ("triggerer", "--skip-serve-logs"), "triggerer"),
    ]


def _part(
    stack: Stack, name: str, words: tuple[str, ...], component: str, environment: dict[str, str] | None = None
) -> Part:
    return Part(
        name=name,
        command=(sys.executable, "-m", "infra.local.fresh_start", program("airflow"), *words),
        ready=lambda since: is_healthy(stack, component, since),
        before_start=lambda: write_passwords(stack),
        port=stack.ports["airflow"],
        directory=PROJECT,
        environment={**airflow_environment(stack), **(environment or {})},
        needs=(TABLES,),
        stop_wave=1 if name == API_SERVER else 0,  # tasks that end report to it
        stop_seconds=30,
        ready_seconds=600,
    )


def write_passwords(stack: Stack) -> None:
    """The file in which Airflow's SimpleAuthManager looks passwords up."""
    secrets = stack.credentials
    passwords = {
        "admin": secrets.airflow_admin,
        "reviewer": secrets.airflow_reviewer,
        "landing": secrets.airflow_landing,
    }
    path = passwords_file(stack)
    if not path.exists() or json.loads(path.read_text(encoding="utf-8")) != passwords:
        write_private(path, json.dumps(passwords))


def is_healthy(stack: Stack, component: str, since: datetime) -> bool:
    """Whether the health page calls the component healthy, by a heartbeat later than `since` where it has one."""
    # No certificates are read for a plain address: this is asked often while everything else starts.
    page = httpx.get(f"{stack.url('airflow')}/api/v2/monitor/health", timeout=5, verify=False)  # noqa: S501
    health = page.raise_for_status().json()[component]
    heartbeat = health.get(f"latest_{component}_heartbeat")
    fresh = component == "metadatabase" or (heartbeat is not None and datetime.fromisoformat(heartbeat) >= since)
    return health["status"] == "healthy" and fresh
