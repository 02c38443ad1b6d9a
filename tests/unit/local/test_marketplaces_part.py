"""The part that serves the marketplaces exists only when shops are configured."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.credentials import load_credentials
from infra.local.home import make_home
from infra.local.jars import Jars
from infra.local.marketplaces import ALIVE, FILE, marketplaces_parts
from infra.local.ports import USUAL
from infra.local.stack import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    home = make_home(tmp_path / "home")
    credentials = load_credentials(home.credentials)
    return Stack(home, dict(USUAL), credentials, Jars(tmp_path), tmp_path / "contracts", tmp_path / "dags")


def test_without_a_file_of_marketplaces_there_is_no_part(stack: Stack) -> None:
    assert marketplaces_parts(stack) == []


def test_it_is_ready_when_its_process_has_told_that_it_lives(stack: Stack) -> None:
    (stack.home.root / FILE).touch()
    (part,) = marketplaces_parts(stack)
    started = datetime.now(UTC) - timedelta(seconds=10)
    with pytest.raises(FileNotFoundError):
        part.ready(started)
    alive = stack.home.root / ALIVE
    alive.touch()
    assert part.ready(started)
    os.utime(alive, (0, 0))
    assert not part.ready(started)
