"""A client's file tells its rights, and its own process reads them there."""

from __future__ import annotations

from pathlib import Path

from infra.access.clients import Client
from infra.access.credentials import as_env
from infra.access.own_rights import own_rights, rights_as_variables

CLIENT = Client("so-a", "", frozenset({"document_sent", "service_rated"}), ("H22.05", "H22.07.*"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    variables = {"HAGIANG_CLIENT": "so-a@2", **rights_as_variables(CLIENT)}
    assert own_rights({"HAGIANG_HOME": str(tmp_path), **variables}) == CLIENT
    (tmp_path / "stack.env").write_text(as_env(variables), encoding="utf-8")
    assert own_rights({"HAGIANG_HOME": str(tmp_path)}) == CLIENT


def test_lines_are_taken_by_a_shell_without_quotes() -> None:
    assert as_env(rights_as_variables(CLIENT)).splitlines() == [
        "HAGIANG_EVENTS=document_sent,service_rated",
        "HAGIANG_SOURCES=H22.05,H22.07.*",
    ]


def test_who_says_nothing_is_not_judged(tmp_path: Path) -> None:
    home = {"HAGIANG_HOME": str(tmp_path)}
    assert own_rights({**home, "HAGIANG_CLIENT": "so-a@1"}) is None
    assert own_rights({**home, "HAGIANG_SOURCES": " , "}) is None
    half = own_rights({**home, "HAGIANG_SOURCES": "H22.05"})
    assert half is not None
    assert (half.name, half.may_write("anything"), half.may_speak_for("H22.07")) == ("this client", True, False)
