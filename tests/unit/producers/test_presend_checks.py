"""What a sender is told before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from infra.access.clients import Client
from producers.outbox.publishing import publish_rows
from producers.outbox.rows import OutboxRow
from producers.presend_checks import (
    EventNotGranted,
    all_checks,
    no_check,
    refusing,
    require_granted,
    rights_check,
    rules_check,
)
from schemas.catalog import UnknownEvent, load_catalog
from schemas.codec import EventInvalid
from schemas.record_rules import RecordRules
from tests.samples import dossier, event_id

CATALOG = load_catalog()
DOSSIER = "dossier_status_changed"
CLIENT = Client("so-a", "Sở A", frozenset({DOSSIER}), ("H22.05", "H22.07.*"))


def told(client: Client | None, name: str, event: dict[str, Any]) -> list[str]:
    return [each.rule for each in rights_check(client)(name, event)]


def test_rights_are_those_of_the_client() -> None:
    assert told(CLIENT, DOSSIER, dossier(1, source="H22.07.1")) == []
    assert told(CLIENT, f"government.{DOSSIER}", dossier(1)) == []
    assert told(CLIENT, DOSSIER, dossier(1, source="H22.07")) == ["source_not_granted"]
    assert told(CLIENT, "document_sent", dossier(1, source="H22")) == ["event_not_granted", "source_not_granted"]
    assert told(CLIENT, DOSSIER, dossier(1, source=5)) == []
    assert told(None, "document_sent", dossier(1, source="H22")) == []


def test_the_refusal_names_the_source_what_is_granted_and_how_to_mend_it() -> None:
    (found,) = rights_check(CLIENT)(DOSSIER, dossier(1, source="H22.99"))
    for part in ("H22.99", "so-a", "H22.05, H22.07.*", "hagiang access grant so-a --source", "put what it prints"):
        assert part in found.message
    assert "HAGIANG_SOURCES" in found.message_vi
    with pytest.raises(EventNotGranted, match=r"so-a may not write document_sent, but dossier_status_changed \("):
        require_granted(CLIENT, "document_sent")
    require_granted(CLIENT, DOSSIER)
    require_granted(None, "document_sent")


def test_nothing_is_sent_that_is_told_of_and_all_is_told_at_once() -> None:
    sent: list[Any] = []
    send = refusing(rights_check(CLIENT), CATALOG, lambda _name, event: sent.append(event))
    send(DOSSIER, dossier(1))
    with pytest.raises(EventInvalid) as refused:
        send(DOSSIER, dossier(2, source="H22", status=99))
    assert sent == [dossier(1)]
    assert [each.rule for each in refused.value.violations] == ["max", "source_not_granted"]
    with pytest.raises(UnknownEvent):
        send("no_such_event", dossier(1))


def test_rules_are_asked_for_once_and_checks_add_up() -> None:
    asked: list[str] = []

    def rules_of(contract: Any) -> RecordRules:
        asked.append(contract.event)
        return RecordRules(contract, [])

    check = all_checks(no_check, rules_check(CATALOG, rules_of, lambda: datetime.now(UTC)), rights_check(CLIENT))
    assert [each.rule for _ in range(3) for each in check(DOSSIER, dossier(1, source="X"))] == [
        "source_not_granted"
    ] * 3
    assert asked == [DOSSIER]


def test_an_outbox_row_for_another_s_source_is_set_aside_with_the_reason() -> None:
    send = refusing(rights_check(CLIENT), CATALOG, lambda _name, _event: Delivered())
    rows = [
        OutboxRow(number, event_id(number), DOSSIER, payload(source)) for number, source in enumerate(("H22.05", "X"))
    ]
    done = publish_rows(send, rows, 1.0)  # type: ignore[arg-type]
    assert done.ids == (0,)
    assert [(each.id, "[source_not_granted]" in each.reason) for each in done.refused] == [(1, True)]


def payload(source: str) -> str:
    return f'{{"source": "{source}"}}'


class Delivered:
    """A delivery that Kafka has confirmed."""

    def result(self, _timeout_s: float) -> None:
        """At once."""
