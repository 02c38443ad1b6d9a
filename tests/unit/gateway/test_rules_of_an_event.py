"""What the warehouse would keep back for how an event's fields stand to each other is refused at once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from schemas.example_files import load_examples
from tests.unit.gateway.in_memory import NOW, InMemory, post

PATH = "/events/government.dossier_status_changed"
GOOD = next(each.payload for each in load_examples()["dossier_status_changed"] if each.name == "submitted_online")


def answered(gateway: InMemory, *events: Any, path: str = PATH) -> tuple[int, dict[str, Any]]:
    status, _, body = post(gateway, path, json.dumps(events[0] if len(events) == 1 else events).encode())
    return status, json.loads(body)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"occurred_at": (NOW + timedelta(days=2)).isoformat()}, "occurred_at_not_future"),
        ({"received_at": "2031-01-01T00:00:00+07:00"}, "received_before_step"),
    ],
)
def test_a_rule_between_fields_is_told_in_both_languages(changes: dict[str, Any], rule: str) -> None:
    gateway = InMemory()
    status, told = answered(gateway, {**GOOD, **changes})
    assert (status, gateway.records) == (422, [])
    found = {error["rule"]: error for error in told["errors"]}
    assert rule in found
    assert found[rule]["message"]
    assert found[rule]["message_vi"] != found[rule]["message"]


def test_of_a_batch_the_good_ones_are_taken() -> None:
    gateway = InMemory()
    late = {**GOOD, "occurred_at": (NOW + timedelta(days=2)).isoformat()}
    status, told = answered(gateway, GOOD, late)
    assert (status, len(gateway.records)) == (207, 1)
    assert [item["status"] for item in told["items"]] == [202, 422]


def test_a_day_ahead_is_a_clock_that_goes_wrong_and_is_taken() -> None:
    soon = (NOW + timedelta(hours=23)).isoformat()
    assert answered(InMemory(), {**GOOD, "occurred_at": soon})[0] == 202
