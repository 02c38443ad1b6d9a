"""What the demo expects, how it compares, and how it reads a user's files."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from infra.demo.figures import KpiRow
from infra.demo.given import FileUnnamed, given_events
from infra.demo.path_table import PathRow, expected_path
from infra.demo.report import Tally, print_figures, print_path
from producers.simulator.record import DUPLICATE, Outcome, Record
from schemas.catalog import load_catalog

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples" / "dossier_status_changed"
CONSOLE = Console(quiet=True)


def record(event_id: str, outcome: Outcome | None = None) -> Record:
    body = {"event_id": event_id}
    return (
        Record("dossier_status_changed", body)
        if outcome is None
        else Record("dossier_status_changed", body, outcome=outcome)
    )


RECORDS = [
    record("a"),
    record("b"),
    record("a", DUPLICATE),
    record("c", Outcome("quarantined", "fee_vnd_min")),
    record("d", Outcome("rejected", "unknown_schema_id")),
]


def stations(loaded: int, duplicate: int) -> dict[str, int]:
    return {"published": 5, "landed": 5, "loaded": loaded, "duplicate": duplicate, "quarantined": 1, "rejected": 1}


def test_each_record_is_expected_at_one_station() -> None:
    row = expected_path(RECORDS, known=())["dossier_status_changed"]
    assert row == PathRow(stations(2, 1), {"fee_vnd_min": 1}, {"unknown_schema_id": 1})


def test_what_the_warehouse_holds_already_is_expected_as_a_duplicate() -> None:
    assert expected_path(RECORDS, known={"a"})["dossier_status_changed"].stations == stations(1, 2)


def test_the_path_agrees_only_if_every_cell_does() -> None:
    expected = expected_path(RECORDS, known=())
    assert print_path(CONSOLE, expected, expected).agrees
    lost = {"dossier_status_changed": PathRow(stations(1, 1), {"fee_vnd_min": 1}, {"unknown_schema_id": 1})}
    assert print_path(CONSOLE, expected, lost).different == 1
    other_cause = {"dossier_status_changed": PathRow(stations(2, 1), {"fee_vnd_max": 1}, {"unknown_schema_id": 1})}
    assert print_path(CONSOLE, expected, other_cause).different == 2


def test_a_run_in_which_nothing_was_compared_does_not_agree() -> None:
    assert not print_path(CONSOLE, {}, {}).agrees


def kpi(key: str, numerator: int) -> KpiRow:
    return KpiRow(key, key, Decimal(numerator), Decimal(9), None, "percent", None, None, 0, True)


def test_each_expected_figure_is_compared_and_must_be_there() -> None:
    expected = {"a": (1, 9), "b": (2, 9)}
    assert print_figures(CONSOLE, [kpi("a", 1), kpi("b", 2), kpi("c", 3)], expected) == Tally(2, 0)
    assert print_figures(CONSOLE, [kpi("a", 1), kpi("b", 3)], expected) == Tally(2, 1)
    assert print_figures(CONSOLE, [kpi("a", 1)], expected) == Tally(2, 1)


def accepted() -> str:
    return json.dumps(json.loads((EXAMPLES / "submitted_online.accepted.json").read_text(encoding="utf-8")))


def test_a_users_file_is_read_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "government.dossier_status_changed.may.jsonl"
    path.write_text(f"{accepted()}\n\n{accepted()}\nnonsense\n", encoding="utf-8")
    given = given_events(load_catalog(), [path])
    assert list(given.files) == ["dossier_status_changed"]
    assert given.size == 3
    assert [bad.place for _, bad in given.bad] == ["line 4"]
    assert len(given.good["dossier_status_changed"]) == 2


def test_a_users_file_may_be_one_document(tmp_path: Path) -> None:
    path = tmp_path / "dossier_status_changed.json"
    path.write_bytes((EXAMPLES / "submitted_online.accepted.json").read_bytes())
    given = given_events(load_catalog(), [path])
    assert (given.size, given.bad) == (1, [])


def test_a_file_named_after_no_event_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "may.jsonl"
    path.touch()
    with pytest.raises(FileUnnamed, match=r"may\.jsonl"):
        given_events(load_catalog(), [path])
