"""The stack for the tests that kill its parts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import local_stack
from tests.component.local.kept_stack import KeptStack


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptStack]:
    """The session's servers, which are up again after each test; one of its own where those are a developer's."""
    if local_stack.SHARED not in os.environ:
        yield KeptStack(request.getfixturevalue("servers").home, local_stack.SERVERS)
        return
    home = local_stack.odd_home(tmp_path_factory.mktemp("stack"))
    try:
        local_stack.start(home, local_stack.SERVERS)
        yield KeptStack(home, local_stack.SERVERS)
    finally:
        local_stack.stop(home)


@pytest.fixture
def other_home(tmp_path: Path) -> Iterator[Path]:
    """The state folder of a second stack, not started; whatever is started there is ended."""
    home = tmp_path / "other"
    yield home
    local_stack.stop(home)
