"""Rows on their way to Kafka: which count as published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from producers.client import NotAcknowledged, NotGranted, Sent
from producers.outbox.publishing import LARGEST_PAYLOAD_BYTES, RowInvalid, event_of, publish_rows
from producers.outbox.rows import OutboxRow
from schemas.registry import RegistryUnavailable

ID = "017a2bdd-e400-7000-8000-000000000001"


@dataclass(frozen=True)
class Answer:
    """A delivery of which Kafka says this."""

    event_id: str
    acknowledged: bool

    def result(self, timeout_s: float) -> Sent:
        if not self.acknowledged:
            raise NotAcknowledged(self.event_id)
        return Sent("society.visit", 0, 0, self.event_id)


def row(number: int, payload: str = "{}") -> OutboxRow:
    return OutboxRow(number, ID, "visit", payload)


def answers(*acknowledged: bool) -> Any:
    waiting = iter(acknowledged)
    return lambda _name, event: Answer(event["event_id"], next(waiting))


def test_a_row_after_one_that_kafka_did_not_acknowledge_is_not_published_yet() -> None:
    done = publish_rows(answers(True, False, True), [row(1), row(2), row(3)], 1.0)
    assert done.ids == (1,)
    assert isinstance(done.failure, NotAcknowledged)


def test_an_outage_while_sending_keeps_what_was_sent_before() -> None:
    first = answers(True)

    def send(name: str, event: Mapping[str, Any]) -> Any:
        if event.get("second"):
            raise RegistryUnavailable("away")
        return first(name, event)

    done = publish_rows(send, [row(1), row(2, '{"second": true}'), row(3)], 1.0)
    assert (done.ids, done.refused) == ((1,), ())
    assert isinstance(done.failure, RegistryUnavailable)


def test_a_row_of_an_event_that_is_not_granted_is_refused_and_holds_up_no_other() -> None:
    class Denied(Answer):
        def result(self, timeout_s: float) -> Sent:
            raise NotGranted("society.other")

    def send(_name: str, event: Mapping[str, Any]) -> Any:
        if event.get("at_once"):
            raise NotGranted("society.other")
        return Denied(ID, False) if event.get("later") else Answer(ID, True)

    rows = [row(1), row(2, '{"at_once": true}'), row(3, '{"later": true}'), row(4)]
    done = publish_rows(send, rows, 1.0)
    assert (done.ids, [each.id for each in done.refused], done.failure) == ((1, 4), [2, 3], None)
    assert all("ask the platform's operator" in each.reason for each in done.refused)


def test_the_event_has_the_id_of_its_row() -> None:
    assert event_of(row(1, '{"visitors": 3}')) == {"visitors": 3, "event_id": ID}
    assert event_of(row(1, f'{{"event_id": "{ID}"}}')) == {"event_id": ID}


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        ('{"event_id": "another"}', "an event_id of its own"),
        (f'{{"note": "{"ơ" * (LARGEST_PAYLOAD_BYTES // 2)}"}}', "are allowed"),
        ("[]", "must be a JSON object"),
        ("", "not JSON"),
    ],
)
def test_a_payload_that_is_no_event_says_why(payload: str, said: str) -> None:
    with pytest.raises(RowInvalid, match=said):
        event_of(row(1, payload))
