"""`hagiang contracts` through the command line, without servers."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.cli.main import main
from schemas.catalog import load_catalog
from schemas.folders import contract_folders

EVENT = "dossier_status_changed"
RELEASED = load_catalog()[EVENT].version
DRAFT = RELEASED + 1


@pytest.fixture
def own_contracts(tmp_path: Path) -> Path:
    """A folder of one's own with the project's contracts, their versions and examples."""
    for name in ("avro", "released", "examples"):
        shutil.copytree(getattr(contract_folders({}), name), tmp_path / name)
    return tmp_path / "avro"


def contracts(*arguments: str, folder: Path | None = None) -> Result:
    environ = {"HAGIANG_CONTRACTS": str(folder)} if folder else {"HAGIANG_CONTRACTS": None}
    return CliRunner(env=environ).invoke(main, ["contracts", *arguments])


def change(folder: Path, **attributes: object) -> None:
    path = folder / "government" / f"{EVENT}.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**schema, **attributes}), encoding="utf-8")


def test_list_shows_each_contract_with_its_version_and_owner() -> None:
    shown = contracts("list").output
    assert f"government.{EVENT}  v{RELEASED} (released)  owner public-service-centre  key dossier_code" in shown
    assert "marketplace.order_status_changed" in shown


def test_lint_passes_the_project_and_fails_on_a_finding(own_contracts: Path) -> None:
    assert contracts("lint").exit_code == 0
    change(own_contracts, retention_day=3)
    found = contracts("lint", folder=own_contracts)
    assert found.exit_code == 1
    assert "the attribute retention_day is unknown. Did you mean retention_days" in found.output


def test_docs_are_written_to_a_folder_or_shown(tmp_path: Path) -> None:
    assert contracts("docs", "--out", str(tmp_path / "docs")).exit_code == 0
    assert (tmp_path / "docs" / "README.md").exists()
    page = (tmp_path / "docs" / f"{EVENT}.md").read_text(encoding="utf-8")
    assert contracts("docs", EVENT).output.strip() == page.strip()


def test_diff_shows_changes_and_its_status_is_the_verdict(own_contracts: Path) -> None:
    assert "nothing has changed" in contracts("diff", EVENT).output
    change(own_contracts, version=DRAFT, retention_days=60)
    harmless = contracts("diff", EVENT, folder=own_contracts)
    assert "the event has another retention_days: 60 in place of 30" in harmless.output
    assert harmless.exit_code == 0
    change(own_contracts, key="agency_code")
    breaking = contracts("diff", EVENT, folder=own_contracts)
    assert breaking.exit_code == 1
    assert "against version 1: the event has another key" in breaking.output


def test_check_fails_when_a_contract_breaks_a_released_version(own_contracts: Path) -> None:
    assert contracts("check").exit_code == 0
    change(own_contracts, version=DRAFT, key="agency_code")
    assert contracts("check", folder=own_contracts).exit_code == 1


def test_release_freezes_a_draft_once(own_contracts: Path) -> None:
    change(own_contracts, version=DRAFT, retention_days=60)
    assert f"v{DRAFT}.avsc; commit this file" in contracts("release", EVENT, folder=own_contracts).output
    again = contracts("release", EVENT, folder=own_contracts)
    assert again.exit_code == 1
    assert f"version {DRAFT} of government.{EVENT} is released" in again.output


def test_an_unknown_event_is_answered_with_the_known_ones() -> None:
    found = contracts("diff", "nothing_happened")
    assert found.exit_code == 1
    assert EVENT in found.output
