"""What the relay promises, on both kinds of database and a real Kafka."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from producers.outbox.database import OutboxUnusable
from producers.outbox.relay import MARKED, SENT, LeaseHeld
from producers.outbox.tables import State, metadata
from tests.component.landing.place import wait_until
from tests.component.outbox.agency import HURRIED, Agency
from tests.samples import event_id


def test_rows_arrive_once_in_their_order(agency: Agency) -> None:
    agency.write_all(1_500)
    agency.relay().drain()
    assert agency.in_topic() == {f"Chợ phiên {n}": list(range(n, 1_500, 10)) for n in range(10)}
    assert agency.ids_in_topic() != []
    assert set(agency.states().values()) == {State.PUBLISHED}


def test_a_row_that_becomes_visible_late_is_published_too(agency: Agency) -> None:
    with agency.engine.connect() as slow:
        agency.write(slow, 1)  # has the smaller id, and is not yet committed
        agency.write_all(1, start=2)
        agency.relay().drain()
        assert agency.ids_in_topic() == [event_id(2)]
        slow.commit()
    agency.relay().drain()
    assert sorted(agency.ids_in_topic()) == [event_id(1), event_id(2)]


def test_a_transaction_that_is_undone_publishes_nothing(agency: Agency) -> None:
    with agency.engine.connect() as connection:
        agency.write(connection, 1)
        connection.rollback()
    agency.write_all(1, start=2)
    agency.relay().drain()
    assert agency.ids_in_topic() == [event_id(2)]


def test_an_invalid_row_is_set_aside_with_its_reason_and_holds_up_no_other(agency: Agency) -> None:
    with agency.engine.begin() as connection:
        agency.write(connection, 10)
        agency.write(connection, 20, payload='{"visitors": "many"}')
        agency.write(connection, 30, payload="{")
        agency.write(connection, 40, event="no_such_event")
        agency.write(connection, 50, event_id="not a uuid")
        agency.write(connection, 60, payload='{"visitors": ' + "[" * 100_000)
        agency.write(connection, 70)
    relay = agency.relay()
    relay.drain()
    assert agency.in_topic() == {"Chợ phiên 0": [10, 70]}
    assert (relay.published, relay.refused) == (2, 5)
    reasons = agency.reasons()
    assert reasons[event_id(30)].startswith("payload: not JSON at column 2")
    assert "visitors" in reasons[event_id(20)]
    assert "no_such_event" in reasons[event_id(40)]
    assert "UUID" in reasons["not a uuid"]
    assert "nested too deeply" in reasons[event_id(60)]


@pytest.mark.parametrize(
    ("agency", "step", "published_by_the_dead"),
    [("postgresql", SENT, 0), ("mariadb", SENT, 0), ("mariadb", MARKED, 500)],
    indirect=["agency"],
)
def test_a_relay_killed_between_steps_loses_nothing(agency: Agency, step: str, published_by_the_dead: int) -> None:
    agency.write_all(1_200)
    agency.relay_that_dies(step)
    assert sum(state == State.PUBLISHED for state in agency.states().values()) == published_by_the_dead
    agency.relay(clock=lambda: 4_000_000_000.0).drain()  # when the dead one's lease is over
    arrived = agency.ids_in_topic()
    assert set(arrived) == {event_id(number) for number in range(1_200)}
    assert len(arrived) == 1_200 + (500 if step == SENT else 0)


def test_two_relays_take_turns(agency: Agency) -> None:
    agency.write_all(10)
    first, second = agency.relay(holder="first"), agency.relay(holder="second")
    assert first.publish_some()
    agency.write_all(10, start=10)
    with pytest.raises(LeaseHeld):
        second.publish_some()
    first.drain()
    second.drain()
    assert len(agency.ids_in_topic()) == 20


def test_a_relay_takes_over_when_the_lease_is_over(agency: Agency) -> None:
    agency.write_all(1)
    assert agency.relay(holder="gone", clock=lambda: 1_000.0).publish_some()
    agency.write_all(1, start=1)
    later = 1_000.0 + HURRIED.lease + 1
    assert agency.relay(holder="next", clock=lambda: later).publish_some()


def test_relays_whose_clocks_disagree_may_repeat_rows_and_lose_none(agency: Agency) -> None:
    agency.write_all(20)
    late = agency.relay(holder="late", on_step=lambda step: ahead.drain() if step == SENT else None)
    ahead = agency.relay(holder="ahead", clock=lambda: time.time() + 3600)
    late.drain()
    assert set(agency.states().values()) == {State.PUBLISHED}
    ids = agency.ids_in_topic()
    assert (len(ids), len(set(ids))) == (40, 20)


def test_published_rows_are_deleted_after_their_days(agency: Agency) -> None:
    agency.write_all(3)
    agency.relay(clock=lambda: 1_000_000.0).drain()
    day = 86_400
    agency.relay(clock=lambda: 1_000_000.0 + 6.9 * day).drain()
    assert len(agency.states()) == 3
    agency.relay(clock=lambda: 1_000_000.0 + 7.1 * day).drain()
    assert agency.states() == {}


def test_rows_can_be_deleted_at_once(agency: Agency) -> None:
    agency.write_all(3)
    agency.relay(limits=replace(HURRIED, keep_days=0)).drain()
    assert len(agency.ids_in_topic()) == 3
    assert agency.states() == {}


def test_missing_tables_are_no_outage(agency: Agency) -> None:
    metadata.drop_all(agency.engine)
    with pytest.raises(OutboxUnusable, match="hagiang outbox ddl"):
        agency.relay().run(threading.Event())


@pytest.mark.parametrize("agency", ["mariadb"], indirect=True)
def test_the_command_relays_until_it_is_stopped_and_tells_of_refusals(agency: Agency) -> None:
    agency.write_all(100)
    relay = agency.hagiang("relay")
    wait_until(lambda: set(agency.states().values()) == {State.PUBLISHED})
    with agency.engine.begin() as connection:
        agency.write(connection, 100, payload="{}")
    wait_until(lambda: agency.reasons())
    relay.terminate()
    said, log = relay.communicate(timeout=20)
    assert (relay.returncode, said) == (0, "100 rows published, 1 refused\n"), log
    told = agency.hagiang("status").communicate(timeout=20)[0]
    assert told.startswith("0 waiting, 100 published, 1 refused\n")
    assert "occurred_at is missing" in told
    assert agency.hagiang("retry").communicate(timeout=20)[0] == "1 rows wait again\n"
    again = agency.hagiang("relay", "--once")
    again.communicate(timeout=20)
    assert again.returncode == 3
