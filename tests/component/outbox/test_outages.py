"""The relay outlives its database and Kafka."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from infra.settings import Settings
from producers.outbox.tables import State
from tests.component.landing.place import wait_until
from tests.component.outbox.agency import Agency, agency_with
from tests.mariadb_server import mariadb, own_mariadb_database


def test_a_relay_waits_for_its_database_and_goes_on(servers: Settings, tmp_path: Path) -> None:
    with (
        mariadb(tmp_path) as server,
        own_mariadb_database(server) as url,
        agency_with(servers, url, tmp_path) as agency,
    ):
        agency.write_all(10)
        stop = threading.Event()
        running = threading.Thread(target=agency.relay().run, args=(stop,))
        running.start()
        wait_until(lambda: set(agency.states().values()) == {State.PUBLISHED})
        server.stop()
        server.start()
        agency.write_all(10, start=10)
        wait_until(lambda: set(agency.states().values()) == {State.PUBLISHED})
        stop.set()
        running.join(10)
        assert not running.is_alive()
        assert len(agency.ids_in_topic()) == 20


@pytest.mark.parametrize("agency", ["postgresql"], indirect=True)
def test_a_relay_that_starts_while_kafka_is_away_waits_for_it(agency: Agency) -> None:
    agency.write_all(1)
    relay = agency.hagiang("relay", KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")
    assert relay.stderr is not None
    said = next(line for line in relay.stderr if "relay_waits" in line)
    assert json.loads(said)["kind"] == "BrokerUnavailable"
    relay.terminate()
    assert relay.communicate(timeout=30)[0] == "0 rows published, 0 refused\n"
    assert relay.returncode == 0
    assert set(agency.states().values()) == {State.WAITING}
