"""The gateway's login hears what became of one event, and reads nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from consumers.warehouse.seeding import seed_dimensions
from infra.access.connect import open_access
from infra.object_store import LakeStore
from infra.settings import Settings
from producers.gateway.event_state import event_state
from tests.component.warehouse.loads import DOSSIER, ORDER
from tests.component.warehouse.replays import load_checked, replayed
from tests.component.warehouse.test_replay import add_commune
from tests.databases import url_of
from tests.samples import dossier, event_id, order


@pytest.fixture
def gateway(servers: Settings, engine: Engine) -> Iterator[Engine]:
    """The test's database as the gateway sees it."""
    found = open_access(url_of(servers.access.gateway_url, str(engine.url.database)))
    yield found
    found.dispose()


def test_a_loaded_and_a_quarantined_event_and_one_that_is_not_there(
    engine: Engine, gateway: Engine, lake: LakeStore
) -> None:
    seed_dimensions(engine)
    result = load_checked(engine, lake, DOSSIER, [dossier(1), dossier(2, agency_code="H22.999")])

    loaded = event_state(gateway, "dossier_status_changed", UUID(event_id(1)))
    assert loaded is not None
    assert (loaded.state, loaded.source, loaded.kafka_offset, loaded.load_id) == ("loaded", "H22.05", 0, result.load_id)
    kept = event_state(gateway, "dossier_status_changed", UUID(event_id(2)))
    assert kept is not None
    assert (kept.state, kept.source, kept.kafka_offset) == ("quarantined", "H22.05", 1)
    assert (kept.waits_for, kept.tries) == (["agency"], 1)
    assert "reference missing" in str(kept.reason_en)
    assert event_state(gateway, "dossier_status_changed", UUID(event_id(3))) is None
    assert event_state(gateway, "order_status_changed", UUID(event_id(1))) is None


def test_a_replayed_event_is_loaded(engine: Engine, gateway: Engine, lake: LakeStore) -> None:
    seed_dimensions(engine)
    load_checked(engine, lake, ORDER, [order(1, seller_commune_code="99999")])
    add_commune(engine)
    result = replayed(engine, lake, ORDER)
    assert result is not None
    found = event_state(gateway, "order_status_changed", UUID(event_id(1)))
    assert found is not None
    assert (found.state, found.load_id) == ("loaded", result.load_id)


@pytest.mark.parametrize("table", ["core.agency_registered", "quarantine.event", "ledger.load"])
def test_the_gateway_reads_no_table_of_events(engine: Engine, gateway: Engine, table: str) -> None:
    seed_dimensions(engine)
    with gateway.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(f"select count(*) from {table}"))


def test_others_may_not_ask(servers: Settings, engine: Engine) -> None:
    dashboard = open_access(url_of(servers.warehouse.dashboard_url, str(engine.url.database)))
    with dashboard.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("select access.event_state('dossier_status_changed', gen_random_uuid())"))
    dashboard.dispose()
