"""One stack for all acceptance tests, started and stopped through the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.platform import Platform, copy_contracts


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder: Path = tmp_path_factory.mktemp("platform")
    stack = Platform(home=folder / "home", contracts=copy_contracts(folder / "contracts"))
    stack.home.mkdir()
    try:
        up = stack.hagiang("up", "--ports", "auto")
        assert up.returncode == 0, up.stderr
        yield stack
    finally:
        down = stack.hagiang("down", "--purge")
        assert down.returncode == 0, down.stderr
