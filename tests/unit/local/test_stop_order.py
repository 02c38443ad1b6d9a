"""A server is stopped after every part that speaks to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.assembly import parts_of
from infra.local.credentials import load_credentials
from infra.local.down import stop_waves
from infra.local.home import make_home
from infra.local.jars import Jars
from infra.local.ports import USUAL
from infra.local.postgres_place import Place
from infra.local.stack import Stack


@pytest.fixture
def order(tmp_path: Path) -> dict[str, int]:
    home = make_home(tmp_path / "home")
    credentials = load_credentials(home.credentials)
    stack = Stack(home, dict(USUAL), credentials, Jars(tmp_path), tmp_path / "contracts", tmp_path / "dags")
    waves = stop_waves(parts_of(stack, Place(tmp_path / "data", tmp_path / "program", None)))
    return {part.name: number for number, wave in enumerate(waves) for part in wave}


@pytest.mark.parametrize(
    ("client", "server"),
    [
        ("landing", "kafka"),
        ("landing", "store"),
        ("landing", "registry"),
        ("landing", "airflow-api-server"),
        ("airflow-scheduler", "airflow-api-server"),
        ("airflow-scheduler", "postgres"),
        ("airflow-api-server", "postgres"),
        ("registry", "postgres"),
    ],
)
def test_client_stops_before_its_server(order: dict[str, int], client: str, server: str) -> None:
    assert order[client] < order[server]
