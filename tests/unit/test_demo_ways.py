"""How simulated events are shared out among the ways in, and what is expected of each way."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from infra.access.clients import Client
from infra.access.wishes import check_name, check_sources, contracts_for
from infra.demo.made import MadeEvents, made_events
from infra.demo.report import print_ways
from infra.demo.ways import sdk
from infra.demo.ways.sharing import share_out
from infra.demo.ways.table import CLIENTS, WAYS
from infra.demo.ways.way import Handed, Way
from infra.demo.ways_table import WayRow, expected_ways
from infra.settings import Kafka, Login
from producers.simulator.foreign.message import as_it_is
from producers.simulator.places import load_places
from producers.simulator.record import DUPLICATE, LOADED, Record
from producers.simulator.scenario import make_scenario
from schemas.catalog import load_catalog

SIZE = 6000
EVENT = "dossier_status_changed"
KEYS = {EVENT: "dossier_code"}


@pytest.fixture(scope="module")
def made() -> MadeEvents:
    return made_events(7, SIZE)


def record(number: int, dossier: str, **changes: object) -> Record:
    body = {"event_id": str(number), "dossier_code": dossier, "source": "H22.05", "occurred_at": number}
    return Record(EVENT, body, **changes)  # type: ignore[arg-type]


def way(most: int) -> Way:
    return Way("w", CLIENTS[0], lambda _: True, as_it_is, lambda *_: Handed(), {EVENT: most})


def test_all_of_one_key_goes_one_way_and_only_so_many_keys() -> None:
    shared = share_out(
        [record(1, "a"), record(2, "b"), record(3, "a"), record(1, "a", outcome=DUPLICATE)], [way(1)], KEYS
    )
    assert [each.record.body["event_id"] for each in shared.messages["w"]] == ["1", "3", "1"]
    assert [each.body["event_id"] for each in shared.direct] == ["2"]


def test_a_key_with_old_or_unreadable_records_is_left_to_the_sdk() -> None:
    records = [record(1, "a", form="old_version"), record(2, "a"), record(3, "b", form="garbage"), record(4, "b")]
    shared = share_out(records, [way(9)], KEYS)
    assert [each.record.body["event_id"] for each in shared.messages["w"]] == ["4"]


def test_every_way_carries_something_and_the_sdk_the_bulk(made: MadeEvents) -> None:
    assert set(made.shared.messages) == {way.name for way in WAYS}
    assert all(made.shared.messages.values())
    assert len(made.shared.direct) > 0.7 * SIZE


def test_no_record_is_lost_or_doubled_on_the_ways(made: MadeEvents) -> None:
    sent = make_scenario(7, SIZE, load_places())
    assert [(each.event, each.form, each.outcome, each.late) for each in made.records] == [
        (each.event, each.form, each.outcome, each.late) for each in sent
    ]
    assert len(made.shared.direct) + sum(map(len, made.shared.messages.values())) == SIZE
    ids = [each.body["event_id"] for each in made.records if each.outcome == LOADED]
    assert len(set(ids)) == len(ids)


def test_each_client_may_send_what_its_ways_carry(made: MadeEvents) -> None:
    for each in WAYS:
        if each.client is None:
            continue
        client = Client(
            each.client.name, each.client.organisation, frozenset(each.client.events), tuple(each.client.sources)
        )
        for message in made.shared.messages[each.name]:
            assert client.may_write(message.record.event)
            assert client.may_speak_for(message.record.body["source"])


def test_each_client_can_be_granted() -> None:
    login = Login("u", "p")
    kafka = Kafka(
        bootstrap_servers="",
        security_protocol="",
        sasl_mechanism="",
        admin=login,
        landing=login,
        publisher=login,
    )
    for wish in CLIENTS:
        check_name(wish.name, kafka)
        check_sources(wish.sources)
        assert contracts_for(load_catalog(), wish.kind or "", wish.events)


def test_each_way_is_expected_to_refuse_what_is_spoiled_and_to_bring_the_rest_to_core(made: MadeEvents) -> None:
    waves = [wave.shared.direct for wave in made.waves()]
    table = expected_ways(waves, made.shared.messages, known=())
    assert table[sdk.NAME].refused == 3 * sdk.SPOILED
    assert sum(row.given - row.refused for row in table.values()) == SIZE - _recognised(made)
    assert sum(row.arrived for row in table.values()) == made.good


def _recognised(made: MadeEvents) -> int:
    """Repeats that a way lets go."""
    recognising = [each.name for each in WAYS if each.recognising]
    return sum(told.record.outcome == DUPLICATE for name in recognising for told in made.shared.messages[name])


def test_a_way_that_lost_or_took_something_is_told() -> None:
    page = io.StringIO()
    tally = print_ways(Console(file=page, width=160), {"w": WayRow(9, 3, 6)}, {"w": WayRow(9, 2, 5)})
    assert (tally.compared, tally.different) == (3, 2)
    assert page.getvalue().count("✗") == 2
