"""An agency's database of either kind for each test of the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.component.outbox.agency import Agency, agency_with
from tests.databases import own_database
from tests.mariadb_server import MariaDb, mariadb, own_mariadb_database


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    with mariadb(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture(params=["postgresql", "mariadb"])
def agency(request: pytest.FixtureRequest, servers: Settings, tmp_path: Path) -> Iterator[Agency]:
    """An agency whose database is PostgreSQL, then one whose database is MariaDB."""
    if request.param == "postgresql":
        with own_database(servers) as engine:
            url = engine.url.render_as_string(hide_password=False)
            with agency_with(servers, url, tmp_path) as made:
                yield made
    else:
        with (
            own_mariadb_database(request.getfixturevalue("mariadb_server")) as url,
            agency_with(servers, url, tmp_path) as made,
        ):
            yield made
