"""The platform as its users have it: the `hagiang` command, a stack of its own, and SQL."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from sqlalchemy import create_engine, text

from infra.settings import Settings, load_settings, read_env_file

PROJECT = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).parent / "hagiang")
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Platform:
    """A stack in `home` whose contracts lie in `contracts`, a copy that a test may add to."""

    home: Path
    contracts: Path

    @property
    def environ(self) -> dict[str, str]:
        """What the command is run with: a stranger's surroundings and this stack's folders."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("HAGIANG_") or name == "HAGIANG_FREE_PORTS"
        }
        return {**kept, "HAGIANG_HOME": str(self.home), "HAGIANG_CONTRACTS": str(self.contracts / "avro")}

    @property
    def settings(self) -> Settings:
        """The stack's addresses."""
        return load_settings({**self.stack_env, "HAGIANG_HOME": str(self.home)})

    @property
    def stack_env(self) -> dict[str, str]:
        """What the stack says of itself to people and programs."""
        return read_env_file(self.home / "stack.env")

    def hagiang(self, *words: str, given: str | None = None, **environ: str) -> subprocess.CompletedProcess[str]:
        """The command, run to its end, with these variables besides."""
        env = {**self.environ, **environ}
        return subprocess.run(
            [COMMAND, *words], env=env, input=given, capture_output=True, text=True, timeout=900, cwd=self.home
        )

    def start_hagiang(self, *words: str) -> subprocess.Popen[str]:
        """The command, left running; standard output and error come together."""
        return subprocess.Popen(
            [COMMAND, *words],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.home,
        )

    def sql(self, query: str, *, as_dashboard: bool = False, **given: Any) -> list[tuple[Any, ...]]:
        """Rows of a query to the warehouse."""
        addresses = self.settings.warehouse
        url = addresses.dashboard_url if as_dashboard else addresses.owner_url
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(query), given)]
        finally:
            engine.dispose()

    def processes(self, part: str) -> list[psutil.Process]:
        """The living processes of a part, the oldest first."""
        found = []
        for process in psutil.process_iter(["create_time"]):
            try:
                environment = process.environ()
            except psutil.Error:
                continue
            if environment.get("HAGIANG_HOME") == str(self.home) and environment.get("HAGIANG_PART") == part:
                found.append(process)
        return sorted(found, key=lambda process: float(process.create_time()))

    def airflow(self, path: str) -> Any:
        """An answer of Airflow's API, asked as the administrator."""
        return httpx.get(self._api(path), headers=self._login(), timeout=30).raise_for_status().json()

    def run_dag(self, dag: str, *, ends: str = "success") -> None:
        """One run of the DAG now, to its end, which must be that state."""
        asked = httpx.post(
            self._api(f"dags/{dag}/dagRuns"), headers=self._login(), json={"logical_date": None}, timeout=30
        )
        run = asked.raise_for_status().json()["dag_run_id"]

        def state() -> str:
            return str(self.airflow(f"dags/{dag}/dagRuns/{run}")["state"])

        wait_for(f"the run of {dag}", lambda: state() not in ("queued", "running"))
        assert state() == ends

    def _api(self, path: str) -> str:
        return f"{self.settings.airflow.url}/api/v2/{path}"

    def _login(self) -> dict[str, str]:
        admin = self.settings.airflow.admin
        login = {"username": admin.user, "password": admin.password}
        answer = httpx.post(f"{self.settings.airflow.url}/auth/token", json=login, timeout=30).raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def wait_for(what: str, condition: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Polls until the condition holds, which should be cheap to ask; fails with what was awaited."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s still waiting for {what}"
        time.sleep(0.5)


def copy_contracts(folder: Path) -> Path:
    """A copy of the project's contracts, released versions and examples."""
    for name in ("avro", "released", "examples"):
        shutil.copytree(PROJECT / "schemas" / name, folder / name)
    return folder


def json_lines(events: list[dict[str, Any]]) -> str:
    """A file that `hagiang publish` reads."""
    return "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)


def example(event: str, name: str) -> dict[str, Any]:
    """An accepted example of the project."""
    path = PROJECT / "schemas" / "examples" / event / f"{name}.accepted.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
