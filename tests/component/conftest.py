"""Servers that the folders share: each test makes its own topic, subject, bucket or database on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.settings import Settings
from tests.local_stack import running_stack


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_stack(tmp_path_factory.mktemp("servers"), ("postgres", "kafka", "store", "registry")) as settings:
        yield settings
