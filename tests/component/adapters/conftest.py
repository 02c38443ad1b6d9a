"""A gateway that takes bodies in other formats."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.settings import Settings
from tests.component.adapters.gateway import Gateway, gateway_on


@pytest.fixture(scope="session")
def gateway(servers: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway_on(servers, tmp_path_factory.mktemp("gateway")) as gateway:
        yield gateway
