"""What a client hears of its event, and what it does not hear of those of others."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from infra.access.connect import AccessUnavailable
from producers.gateway.callers import NO_EVENT
from producers.gateway.event_state import EventState
from tests.unit.gateway.in_memory import CLIENT, InMemory, get

ID = "017a366f-4620-7c38-81e2-feb8414c343c"
PATH = f"/events/government.dossier_status_changed/{ID}"
SINCE = datetime(2026, 11, 27, 8, tzinfo=UTC)
LOADED = EventState("loaded", "H22.21", 1, 60_002, 7, SINCE, None, None, None, None, None, None)
KEPT_BACK = EventState(
    "quarantined", "H22.21", 1, 5, 8, SINCE, ["agency_code_known"], "reference missing", "thiếu", ["agency"], 2, None
)


def asked(state: EventState | None, path: str = PATH, **headers: str) -> tuple[int, dict[str, Any]]:
    status, _, body = get(InMemory(state_of=lambda _event, _id: state), path, **headers)
    return status, json.loads(body)


def test_a_loaded_event() -> None:
    assert asked(LOADED) == (
        200,
        {
            "event_id": ID,
            "state": "loaded",
            "since": "2026-11-27T08:00:00+00:00",
            "topic": "government.dossier_status_changed",
            "partition": 1,
            "offset": 60_002,
            "load_id": 7,
        },
    )


def test_a_quarantined_event_says_why_and_what_it_waits_for() -> None:
    status, told = asked(KEPT_BACK)
    assert status == 200
    for name in ("event_id", "since", "topic", "partition", "offset", "load_id"):
        del told[name]
    assert told == {
        "state": "quarantined",
        "rules": ["agency_code_known"],
        "reason": "reference missing",
        "reason_vi": "thiếu",
        "waits_for": ["agency"],
        "tries": 2,
    }


def test_the_event_and_its_id_are_what_is_asked_for() -> None:
    heard: list[tuple[str, UUID]] = []

    def state_of(event: str, event_id: UUID) -> None:
        heard.append((event, event_id))

    status, headers, body = get(InMemory(state_of=state_of), PATH)
    assert heard == [("dossier_status_changed", UUID(ID))]
    assert (status, json.loads(body)["type"]) == (404, "/docs/problems#not-arrived")
    assert int(headers["retry-after"]) > 0


@pytest.mark.parametrize("source", ["H23.21", None])
def test_an_event_of_another_is_told_as_one_that_is_not_there(source: str | None) -> None:
    other = EventState("loaded", source, 1, 1, 1, SINCE, None, None, None, None, None, None)
    assert asked(other) == asked(None)


def test_who_asks_for_what_is_not_his_stands_in_the_audit() -> None:
    def refusals(source: str, path: str = PATH, events: tuple[str, ...] = ("*",), **headers: str) -> list[Any]:
        other = EventState("loaded", source, 1, 1, 1, SINCE, None, None, None, None, None, None)
        client = replace(CLIENT, events=frozenset(events))
        gateway = InMemory(client=client, state_of=lambda _event, _id: other)
        get(gateway, path, **headers)
        return gateway.refusals

    topic, stranger = "government.dossier_status_changed", {"authorization": "Bearer hg_none"}
    assert refusals("H22.21") == []
    assert refusals("H23.21") == [(CLIENT.name, topic, "source_not_granted")]
    assert refusals("H22.21", events=("other",)) == [(CLIENT.name, topic, "event_not_granted")]
    assert refusals("H22.21", **stranger) == [("unknown", topic, "no-key")]
    assert refusals("H22.21", f"/events/made.up/{ID}", **stranger) == [("unknown", NO_EVENT, "no-key")]


@pytest.mark.parametrize(
    ("path", "headers", "status", "kind"),
    [
        (PATH, {"authorization": "Bearer hg_none"}, 401, "no-key"),
        ("/events/government.no_such_event/" + ID, {}, 404, "unknown-event"),
        (PATH[:-3], {}, 404, "not-found"),
    ],
)
def test_what_cannot_be_asked(path: str, headers: dict[str, str], status: int, kind: str) -> None:
    found, told = asked(LOADED, path, **headers)
    assert (found, told["type"]) == (status, f"/docs/problems#{kind}")


def test_a_warehouse_that_is_away_is_told_as_such() -> None:
    def away(_event: str, _event_id: UUID) -> None:
        raise AccessUnavailable("away")

    status, headers, body = get(InMemory(state_of=away), PATH)
    assert (status, headers["retry-after"]) == (503, "5")
    assert "your event is safe" in json.loads(body)["detail"]
