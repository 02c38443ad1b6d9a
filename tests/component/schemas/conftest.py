"""The registry that the tests of this folder talk to."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.settings import Settings
from schemas.registry import Registry
from tests.local_stack import running_stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_stack(tmp_path_factory.mktemp("stack"), ("postgres", "registry")) as settings:
        yield settings


@pytest.fixture
def registry_url(stack: Settings) -> str:
    return stack.registry_url


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as registry:
        yield registry


@pytest.fixture
def subject() -> str:
    """A subject that no other test knows."""
    return f"test.{uuid4().hex}-value"
