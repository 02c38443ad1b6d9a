"""What an item of FPT's programme becomes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from producers.json_documents import DocumentInvalid, items_in
from producers.partners.programme import EVENTS, ItemInvalid, translate
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples


def item(**changes: Any) -> dict[str, Any]:
    return {
        "event": "cooperation_task_updated",
        "occurred_at": "2021-07-01T08:00:00+07:00",
        "task_code": "HT1-001",
        "item": 1,
        "title": "Góp ý dự thảo nghị quyết",
        "report_version": 1,
        "status": "in_progress",
        "progress_percent": 40,
        "agency_code": "H22.05",
        **changes,
    }


def test_an_item_is_an_event_of_its_contract() -> None:
    made = translate(item())
    assert made.event_name == "cooperation_task_updated"
    assert "event" not in made.event
    assert (made.event["source"], made.event["synthetic"]) == ("fpt", False)
    assert prepare(load_catalog()[made.event_name]).check(made.event) == []


def test_the_same_report_counts_once_and_a_correction_is_a_report_of_its_own() -> None:
    def identity(**changes: Any) -> Any:
        return translate(item(**changes)).event["event_id"]

    assert identity() == identity()
    assert len({identity(), identity(report_version=2), identity(progress_percent=41)}) == 3
    own = "017a36b3-8200-7000-8000-000000000001"
    assert identity(event_id=own) == own


@pytest.mark.parametrize("name", ["dossier_status_changed", None, 7, ["cooperation_task_updated"], {}])
def test_other_events_are_refused(name: Any) -> None:
    with pytest.raises(ItemInvalid, match="one of cooperation_task_updated"):
        translate(item(event=name))


def test_every_accepted_example_of_the_programmes_contracts_can_be_an_item() -> None:
    catalog = load_catalog()
    examples = load_examples()
    taken = 0
    for name in EVENTS:
        codec = prepare(catalog[name])
        for example in examples[name]:
            if example.accepted:
                assert codec.check(translate({"event": name, **example.payload}).event) == []
                taken += 1
    assert taken >= len(EVENTS)


def test_decimals_stay_exact() -> None:
    assert items_in(b'[{"budget_million_vnd": 1234567890.12}]') == [{"budget_million_vnd": Decimal("1234567890.12")}]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"7", "must be an object or a list"),
        (b"[{]", "no JSON at line 1, column 3"),
        (b"\xff", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"1" * 5_000 + b"]", "too many digits"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(data: bytes, said: str) -> None:
    with pytest.raises(DocumentInvalid, match=said):
        items_in(data)
