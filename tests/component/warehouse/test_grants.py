"""What is granted in the database, what is refused before, and what readers of it see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from typing import Any, ClassVar

import pytest
from kafka.errors import KafkaConnectionError
from sqlalchemy import Engine

from infra.access.administer import KafkaBehind, KafkaNotAsked, KindStays, NoSuchClient, Office, grant, revoke
from infra.access.audit_trail import last_entries
from infra.access.grants import ensure_platform
from infra.access.listing import clients_listed
from infra.access.read import read_snapshot
from infra.access.wishes import EventNotForKind, NameNotAllowed, SourceNotAllowed, Wish, WishIncomplete
from infra.errors import OperatorError
from infra.settings import Settings
from schemas.catalog import UnknownEvent, load_catalog

AGENCY = Wish("so-cong-thuong", "Sở Công Thương", "agency", ["document_sent"], ["H22.07"])


class NoAdmin:
    """Kafka's rights are tested with landing; here only that they are asked for, and what happens when they fail."""

    away: ClassVar[bool] = False

    def __getattr__(self, name: str) -> Any:
        if NoAdmin.away:
            raise KafkaConnectionError("away")
        answers: Mapping[str, Any] = {
            "describe_acls": ([], None),
            "create_acls": {"failed": []},
            "alter_user_scram_credentials": {},
            "describe_user_scram_credentials": {},
        }
        return lambda *_: answers[name]


@pytest.fixture
def office(servers: Settings, engine: Engine) -> Iterator[Office]:
    NoAdmin.away = False
    yield Office(engine, servers, load_catalog(), lambda: nullcontext(NoAdmin()), "tester")
    NoAdmin.away = False


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish("Sở", "Sở", "agency", ["document_sent"], ["H22.07"]), NameNotAllowed),
        (Wish("publisher", "x", "agency", ["document_sent"], ["H22.07"]), NameNotAllowed),
        (Wish("platform", "x", "agency", ["document_sent"], ["H22.07"]), NameNotAllowed),
        (Wish("shop", "x", "agency", ["order_status_changed"], ["shopee:1"]), EventNotForKind),
        (Wish("shop", "x", "marketplace", ["document_sent"], ["shopee:1"]), EventNotForKind),
        (Wish("shop", "x", "marketplace", ["no_such_event"], ["shopee:1"]), UnknownEvent),
        (Wish("shop", "x", "marketplace", ["order_status_changed"], ["*"]), SourceNotAllowed),
        (Wish("shop", "x", "marketplace", ["order_status_changed"], ["sho*pee"]), SourceNotAllowed),
        (Wish("so-x", "x", "agency", ["document_sent"], ["shopee:1"]), SourceNotAllowed),
        (Wish("so-x", "x", "agency", ["document_sent"], ["H22.07", "h22.21"]), SourceNotAllowed),
        (Wish("shop", None, "marketplace", ["order_status_changed"], ["shopee:1"]), WishIncomplete),
        (Wish("shop", "x", "marketplace", [], ["shopee:1"]), WishIncomplete),
        (Wish("shop", "x", "marketplace", ["order_status_changed"], []), WishIncomplete),
    ],
)
def test_what_cannot_be_granted_changes_nothing(office: Office, wish: Wish, error: type[OperatorError]) -> None:
    with pytest.raises(error):
        grant(office, wish)
    with office.engine.connect() as connection:
        assert clients_listed(connection) == []
        assert last_entries(connection, 1) == []


def test_a_grant_is_listed_audited_and_seen_by_readers(office: Office) -> None:
    before = read_snapshot(office.engine, None, with_api_keys=True)
    made = grant(office, AGENCY)
    assert made is not None
    assert made.client == "so-cong-thuong@1"
    after = read_snapshot(office.engine, before, with_api_keys=True)
    assert after.revision > before.revision
    client = after.clients["so-cong-thuong"]
    assert client.may_write("document_sent")
    assert not client.may_write("dossier_status_changed")
    assert client.may_speak_for("H22.07")
    assert not client.may_speak_for("H22.05")
    with office.engine.connect() as connection:
        (entry,) = last_entries(connection, 5)
        assert (entry.action, entry.subject) == ("grant", "so-cong-thuong")
        assert made.api_key not in str(entry.detail)
        assert [listed.sources for listed in clients_listed(connection)] == [["H22.07"]]


def test_nothing_changed_is_not_read_again(office: Office) -> None:
    known = read_snapshot(office.engine, None, with_api_keys=False)
    again = read_snapshot(office.engine, known, with_api_keys=False)
    assert again.rights is known.rights
    assert again.as_of > known.as_of


def test_no_secret_is_kept(office: Office) -> None:
    made = grant(office, AGENCY)
    assert made is not None
    kept = ""
    with office.engine.connect() as connection:
        for name in ("client", "granted_event", "granted_source", "signing_key", "api_key", "audit"):
            kept += str(connection.exec_driver_sql(f"select * from access.{name} as t").all())
    for secret in (made.api_key, made.api_key.split("_")[2], made.signing_key, made.kafka_password):
        assert secret not in kept
    assert "so-cong-thuong" in kept


def test_a_second_grant_adds_and_keeps_the_keys(office: Office) -> None:
    grant(office, AGENCY)
    more = Wish(AGENCY.name, None, None, ["dossier_status_changed"], ["H22.07.*"])
    assert grant(office, more) is None
    client = read_snapshot(office.engine, None, with_api_keys=False).clients[AGENCY.name]
    assert client.events == {"document_sent", "dossier_status_changed"}
    assert client.sources == ("H22.07", "H22.07.*")
    with pytest.raises(KindStays):
        grant(office, Wish(AGENCY.name, None, "fpt", [], []))


def test_events_are_kept_and_audited_by_their_short_names(office: Office) -> None:
    made = grant(office, Wish("so-x", "x", "agency", ["government.document_sent"], ["H22.07"]))
    assert made is not None
    assert made.variables(office.settings)["HAGIANG_EVENTS"] == "document_sent"
    assert revoke(office, "so-x", ["government.document_sent"])
    with office.engine.connect() as connection:
        entries = last_entries(connection, 2)
    assert [entry.detail["events"] for entry in entries] == [["document_sent"]] * 2


def test_a_new_source_must_be_possible_for_some_event_that_the_client_has(office: Office) -> None:
    grant(office, AGENCY)
    with pytest.raises(SourceNotAllowed, match=r"did you mean H22.08"):
        grant(office, Wish(AGENCY.name, None, None, [], ["h22.08"]))
    assert grant(office, Wish(AGENCY.name, None, None, [], ["H22.08"])) is None


def test_a_revoked_client_that_is_granted_again_has_other_keys_and_a_gap(office: Office) -> None:
    first = grant(office, AGENCY)
    assert revoke(office, AGENCY.name)
    assert not revoke(office, AGENCY.name)
    assert AGENCY.name not in read_snapshot(office.engine, None, with_api_keys=True).clients
    second = grant(office, AGENCY)
    assert first is not None
    assert second is not None
    assert (first.client, second.client) == ("so-cong-thuong@1", "so-cong-thuong@2")
    held = read_snapshot(office.engine, None, with_api_keys=True).rights[AGENCY.name]
    old, new = held.periods_of_event("document_sent")
    assert old.start < old.end
    assert new.is_open
    with pytest.raises(NoSuchClient):
        revoke(office, "nobody")


def test_a_grant_that_kafka_does_not_take_is_none(office: Office) -> None:
    NoAdmin.away = True
    with pytest.raises(KafkaNotAsked):
        grant(office, AGENCY)
    with office.engine.connect() as connection:
        assert clients_listed(connection) == []


def test_a_revocation_holds_even_while_kafka_is_away(office: Office) -> None:
    grant(office, AGENCY)
    NoAdmin.away = True
    with pytest.raises(KafkaBehind):
        revoke(office, AGENCY.name)
    assert read_snapshot(office.engine, None, with_api_keys=True).clients == {}


def test_the_platform_may_write_everything_since_ever(office: Office) -> None:
    for _ in range(2):
        with office.engine.begin() as connection:
            ensure_platform(connection)
    snapshot = read_snapshot(office.engine, None, with_api_keys=False)
    platform = snapshot.clients["platform"]
    assert platform.may_write("anything")
    assert platform.may_speak_for("shopee:1")
    assert snapshot.rights["platform"].keys[1].covers(0)
