"""A revocation holds within a second on both ways in, and landing knows of it whatever the servers do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from infra.access.administer import Office, revoke, rotate
from infra.access.credentials import ClientCredentials
from infra.access.view import AccessView, open_view
from infra.kafka.rights import ensure_rights, ensure_users
from infra.settings import Login
from schemas.catalog import load_catalog
from tests.component.landing.clients import Writer, new_client, office_of, writer
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import land_until, landing_thread
from tests.component.landing.test_outages import address, through
from tests.relay import relay_to


@pytest.fixture
def office(place: Place) -> Iterator[Office]:
    with office_of(place.settings, place.catalog()) as office:
        yield office


@pytest.fixture
def client(place: Place, office: Office) -> Iterator[ClientCredentials]:
    with new_client(office, [place.contract.event], ["H22.05"]) as made:
        yield made


@pytest.fixture
def view(place: Place) -> Iterator[AccessView]:
    with open_view(place.settings.access.gateway_url, with_api_keys=True) as view:
        yield view


def reasons(place: Place) -> list[str]:
    return [reject["reason"] for batch in place.batches() for reject in place.rejects(batch)]


def test_an_open_connection_is_stopped_within_a_second(
    place: Place, office: Office, client: ClientCredentials, view: AccessView
) -> None:
    assert view.client_of_api_key(client.api_key) is not None
    with writer(place, client) as open_writer:
        open_writer.write(place.topic, place.value(0))
        start = time.monotonic()
        revoke(office, client.kafka_user)
        wait_until(lambda: view.client_of_api_key(client.api_key) is None, 5)
        assert time.monotonic() - start < 1
        with pytest.raises(TopicAuthorizationFailedError):
            open_writer.write(place.topic, place.value(1))
        assert time.monotonic() - start < 1
    with pytest.raises(KafkaError):
        Writer(place.settings, client)


def test_what_a_revoked_client_still_gets_written_is_a_reject_and_what_it_wrote_before_stays(
    place: Place, office: Office, client: ClientCredentials
) -> None:
    with writer(place, client, place.settings.kafka.publisher) as stolen:
        stolen.write(place.topic, place.value(0))
        revoke(office, client.kafka_user)
        time.sleep(0.3)
        stolen.write(place.topic, place.value(1))
        land_until(place, 2)
    assert [list(place.rows(batch)) for batch in place.batches() if batch.records > batch.rejected] == [[0]]
    assert reasons(place) == ["unknown_client"]


def test_rotation_gives_new_keys_and_the_old_ones_hold_for_the_overlap(
    place: Place, office: Office, client: ClientCredentials, view: AccessView
) -> None:
    new = rotate(office, client.kafka_user, timedelta(hours=1))
    wait_until(lambda: view.client_of_api_key(new.api_key) is not None, 5)
    assert view.client_of_api_key(client.api_key) is not None
    with writer(place, client, place.settings.kafka.publisher) as old, writer(place, new) as current:
        old.write(place.topic, place.value(0))
        current.write(place.topic, place.value(1))
        rotate(office, client.kafka_user, timedelta(0))
        time.sleep(0.3)
        wait_until(lambda: view.client_of_api_key(client.api_key) is None, 5)
        old.write(place.topic, place.value(2))
        land_until(place, 3)
    assert place.landed() == [0, 1, 2]
    assert reasons(place) == ["bad_signature"]


def test_single_rights_can_be_taken(place: Place, office: Office, client: ClientCredentials) -> None:
    assert revoke(office, client.kafka_user, events=[place.contract.event])
    with writer(place, client) as own, pytest.raises(TopicAuthorizationFailedError):
        own.write(place.topic, place.value(0))
    assert not revoke(office, client.kafka_user, events=[place.contract.event])


def test_a_start_of_the_stack_leaves_clients_their_rights(
    place: Place, office: Office, client: ClientCredentials
) -> None:
    kafka = place.settings.kafka
    ensure_users(place.admin, kafka)
    # Rights that are not wanted are taken: the other tests on these servers need those of the project's contracts.
    ensure_rights(place.admin, kafka, [*place.catalog().values(), *load_catalog().values()])
    with writer(place, client) as own:
        own.write(place.topic, place.value(0))


def test_while_postgresql_is_away_known_clients_land_and_others_wait(
    place: Place, office: Office, client: ClientCredentials
) -> None:
    url = place.settings.access.landing_url
    with relay_to(*address(url)) as relay, writer(place, client) as known:
        settings = replace(place.settings, access=replace(place.settings.access, landing_url=through(relay, url)))
        with landing_thread(place, settings=settings):
            known.write(place.topic, place.value(0))
            wait_until(lambda: place.landed() == [0])
            relay.cut()
            known.write(place.topic, place.value(1))
            wait_until(lambda: place.landed() == [0, 1])
            with new_client(office, [place.contract.event], ["H22.05"]) as unknown, writer(place, unknown) as late:
                late.write(place.topic, place.value(2))
                threading.Event().wait(1.5)
                assert place.landed() == [0, 1]
                relay.mend()
                wait_until(lambda: place.landed() == [0, 1, 2])
    assert reasons(place) == []


def test_a_province_may_trust_its_broker(place: Place) -> None:
    settings = replace(place.settings, access=replace(place.settings.access, signatures_required=False))
    place.producer.send(place.topic, partition=0, value=place.value(0))
    place.producer.flush(timeout=30)
    land_until(replace(place, settings=settings), 1)
    assert [list(place.rows(batch)) for batch in place.batches()] == [[0]]


def test_a_header_that_is_no_text_stops_nobody(place: Place) -> None:
    class Odd(str):
        """A header's name whose bytes are no UTF-8."""

        def encode(self, *_: object) -> bytes:
            return b"\xff\xfe"

    place.producer.send(place.topic, partition=0, value=place.value(0), headers=[(Odd("odd"), b"1")])
    place.producer.flush(timeout=30)
    place.send_good(1, start=1)
    land_until(place, 2)
    assert place.landed() == [0, 1]
    assert reasons(place) == ["not_signed"]


def test_a_client_cannot_log_in_with_another_password(place: Place, client: ClientCredentials) -> None:
    with pytest.raises(KafkaError), writer(place, client, Login(client.kafka_user, "wrong")):
        pass
