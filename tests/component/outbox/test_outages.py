"""The relay outlives its database and Kafka."""

from __future__ import annotations

import json
import threading

import pytest

from producers.outbox.tables import State
from tests.component.landing.place import wait_until
from tests.component.outbox.agency import Agency
from tests.mariadb_server import MariaDb


@pytest.mark.parametrize("agency", ["mariadb"], indirect=True)
def test_a_relay_waits_for_its_database_and_goes_on(agency: Agency, mariadb_server: MariaDb) -> None:
    agency.write_all(10)
    stop = threading.Event()
    running = threading.Thread(target=agency.relay().run, args=(stop,))
    running.start()
    wait_until(lambda: set(agency.states().values()) == {State.PUBLISHED})
    mariadb_server.stop()
    mariadb_server.start()
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
