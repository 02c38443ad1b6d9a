"""The registry that the tests of this folder talk to."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from infra.settings import Settings
from schemas.registry import Registry


@pytest.fixture
def registry_url(servers: Settings) -> str:
    return servers.registry_url


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as registry:
        yield registry


@pytest.fixture
def subject() -> str:
    """A subject that no other test knows."""
    return f"test.{uuid4().hex}-value"
