"""A stack of its own for the tests that kill its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import local_stack
from tests.component.local.kept_stack import KeptStack

PARTS = ("postgres", "kafka", "store", "registry")


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeptStack]:
    """Running, in a deep folder with a space and Vietnamese letters in its name."""
    home = tmp_path_factory.mktemp("stack") / ("deep " * 12).strip() / "Hà Giang"
    try:
        local_stack.start(home, PARTS)
        yield KeptStack(home, PARTS)
    finally:
        local_stack.stop(home)


@pytest.fixture
def other_home(tmp_path: Path) -> Iterator[Path]:
    """The state folder of a second stack, not started; whatever is started there is ended."""
    home = tmp_path / "other"
    yield home
    local_stack.stop(home)
