"""`hagiang contracts derive` through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from expectations.suite_files import FOLDER
from infra.cli.main import main

EVENT = "dossier_status_changed"


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A copy of the suites' folder."""
    for path in FOLDER.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def derive(suites: Path, *arguments: str) -> Result:
    runner = CliRunner(env={"HAGIANG_CONTRACTS": None})
    return runner.invoke(main, ["contracts", "derive", "--suites", str(suites), *arguments])


def spoil(path: Path) -> None:
    suite = json.loads(path.read_text(encoding="utf-8"))
    suite["expectations"].pop(0)
    path.write_text(json.dumps(suite), encoding="utf-8")


def test_suites_in_order_are_left_alone(suites: Path) -> None:
    before = {path.name: path.read_bytes() for path in suites.iterdir()}
    assert derive(suites, "--check").exit_code == 0
    assert derive(suites).exit_code == 0
    assert {path.name: path.read_bytes() for path in suites.iterdir()} == before


def test_a_suite_that_lags_behind_is_found_and_then_mended(suites: Path) -> None:
    path = suites / f"{EVENT}.json"
    before = path.read_bytes()
    spoil(path)
    found = derive(suites, "--check")
    assert (found.exit_code, f"{path.name} lags behind its contract" in found.output) == (1, True)
    assert derive(suites).output == f"{path.name} brought up to date\n"
    assert path.read_bytes() == before


def test_the_file_of_one_event_is_made_when_it_is_named(suites: Path) -> None:
    path = suites / f"{EVENT}.json"
    path.unlink()
    assert derive(suites, "--check").exit_code == 0
    assert derive(suites, EVENT).exit_code == 0
    assert {each["meta"]["origin"] for each in json.loads(path.read_text(encoding="utf-8"))["expectations"]} == {
        "contract"
    }


def test_an_unknown_event_is_refused(suites: Path) -> None:
    found = derive(suites, "moon_landed")
    assert found.exit_code == 1
    assert "'moon_landed' is not among" in found.output
