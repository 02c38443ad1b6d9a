"""A client's own files are held to what it may write."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from expectations.record_rules import rules_before_sending
from infra.access.clients import Client
from infra.object_store import StoredObject
from producers.files.drop import Desk, DropRefused, import_dropped
from producers.files.drop_results import client_in, mapping_in
from producers.presend_checks import rules_check
from tests.unit.files.written_files import CATALOG, TOURISM, Confirmed, visit, write_csv

VISITS = "tourism_visit_reported"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
CLIENTS = {
    "so-vhttdl": Client("so-vhttdl", "Sở VHTTDL", frozenset({VISITS}), ("H22.13",)),
    "so-khac": Client("so-khac", "Sở khác", frozenset({VISITS}), ("H22.05",)),
    "so-y-te": Client("so-y-te", "Sở Y tế", frozenset({"document_sent"}), ("H22.13",)),
}


class Folder:
    """A drop bucket of one file, in memory."""

    def __init__(self, path: Path) -> None:
        self._path, self.put_there = path, dict[str, bytes]()

    def download(self, _key: str, file: Any) -> str:
        file.write(self._path.read_bytes())
        return "etag"

    def put(self, key: str, body: bytes) -> None:
        self.put_there[key] = body


Try = Callable[[str], tuple[int, list[tuple[str, str, str]], str]]


@pytest.fixture
def attempt(tmp_path: Path) -> Try:
    """Import a file that lies in that client's folder: rows sent, what was told to the audit, the result."""
    file = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2)])

    def run(client: str) -> tuple[int, list[tuple[str, str, str]], str]:
        sent: list[Any] = []
        denied: list[tuple[str, str, str]] = []

        def send(_name: str, _event: Any, headers: Any) -> Any:
            sent.append(headers)
            return Confirmed()

        folder: Any = Folder(file)
        desk = Desk(folder, CATALOG, None, lambda: NOW, CLIENTS.get, lambda *it: denied.append(it))
        try:
            import_dropped(desk, [StoredObject(f"clients/{client}/tourism/f.csv", "etag", 9)], send)
            outcome = "imported"
        except DropRefused as error:
            outcome = str(error)
        assert all(headers == (("hg-on-behalf-of", client.encode()),) for headers in sent)
        return len(sent), denied, outcome

    return run


def test_what_is_granted_is_sent_in_the_client_s_name(attempt: Try) -> None:
    assert attempt("so-vhttdl") == (2, [], "imported")


def test_rows_for_the_source_of_another_are_bad(attempt: Try) -> None:
    sent, denied, outcome = attempt("so-khac")
    assert (sent, denied) == (0, [("so-khac", VISITS, "source_not_granted")] * 2)
    assert "no row is good" in outcome


def test_a_file_of_an_event_that_is_not_granted_is_refused(attempt: Try) -> None:
    sent, denied, outcome = attempt("so-y-te")
    assert (sent, denied) == (0, [("so-y-te", VISITS, "event_not_granted")])
    assert "ask the platform's operator" in outcome


def test_a_row_that_the_warehouse_would_refuse_is_a_bad_row(tmp_path: Path) -> None:
    folder: Any = Folder(write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2, c0="02/06/2091")]))
    rules = rules_check(CATALOG, rules_before_sending, lambda: NOW)
    desk = Desk(folder, CATALOG, None, lambda: NOW, CLIENTS.get, lambda *_: None, rules)
    sent: list[Any] = []

    def send(_name: str, event: Any, **_: Any) -> Any:
        sent.append(event)
        return Confirmed()

    (result,) = import_dropped(desk, [StoredObject("clients/so-vhttdl/tourism/f.csv", "etag", 9)], send)
    assert (len(sent), result.bad_rows) == (1, 1)
    assert "occurred_at_not_future" in str(result.by_rule)


def test_a_folder_of_nobody_is_refused(attempt: Try) -> None:
    sent, denied, outcome = attempt("so-la")
    assert (sent, denied) == (0, [("so-la", "clients/", "unknown_client")])
    assert "there is no client so-la" in outcome


@pytest.mark.parametrize(
    ("key", "client", "mapping"),
    [
        ("drop/tourism/a.csv", None, "tourism"),
        ("drop/clients/tourism/a.csv", None, "clients"),
        ("clients/so-a/tourism/2021/a.csv", "so-a", "tourism"),
        ("clients/so-a/a.csv", "so-a", ""),
        ("clients/a.csv", "a.csv", ""),
    ],
)
def test_the_folders_say_whose_a_file_is_and_how_it_is_read(key: str, client: str | None, mapping: str) -> None:
    assert (client_in(key), mapping_in(key)) == (client, mapping)
