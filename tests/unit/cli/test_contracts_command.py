"""`hagiang contracts` through the command line, without servers."""

from __future__ import annotations

import json
import re
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


def test_docs_are_a_site_in_a_folder_or_markdown_on_the_terminal(tmp_path: Path) -> None:
    assert contracts("docs", "--out", str(tmp_path / "docs")).exit_code == 0
    assert "dossier_status_changed.html" in (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "docs" / "asyncapi.json").read_text(encoding="utf-8"))["asyncapi"] == "3.0.0"
    assert contracts("docs", EVENT).output.startswith("# government.dossier_status_changed")
    both = contracts("docs", EVENT, "--out", str(tmp_path / "one"))
    assert (both.exit_code, (tmp_path / "one").exists()) == (2, False)


def test_the_asyncapi_document_names_the_servers_that_are_set(tmp_path: Path) -> None:
    environ = {
        "HAGIANG_HOME": str(tmp_path),
        "KAFKA_BOOTSTRAP_SERVERS": "kafka.test:9093,kafka2.test:9093",
        "SCHEMA_REGISTRY_URL": "http://registry.test/apis/ccompat/v7",
        "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
    }
    out = tmp_path / "docs"
    assert CliRunner(env=environ).invoke(main, ["contracts", "docs", "--out", str(out)]).exit_code == 0
    server = json.loads((out / "asyncapi.json").read_text(encoding="utf-8"))["servers"]["kafka"]
    assert (server["host"], server["protocol"]) == ("kafka.test:9093", "kafka")


def test_new_writes_a_contract_that_passes_the_linter(own_contracts: Path) -> None:
    made = contracts("new", "society", "class_held", "--owner", "department-of-education", folder=own_contracts)
    assert str(own_contracts / "society" / "class_held.avsc") in made.output
    assert contracts("lint", folder=own_contracts).exit_code == 0
    again = contracts("new", "society", "class_held", folder=own_contracts)
    assert again.exit_code == 1
    assert "class_held" in again.output


def test_diff_and_lint_name_what_reads_a_dropped_field(own_contracts: Path) -> None:
    path = own_contracts / "government" / f"{EVENT}.avsc"
    fields = json.loads(path.read_text(encoding="utf-8"))["fields"]
    change(own_contracts, version=DRAFT, fields=[field for field in fields if field["name"] != "due_at"])
    found = contracts("diff", EVENT, folder=own_contracts)
    assert found.exit_code == 1
    for reads in (
        r"dossier_status_changed\.json:\d+: the rule \w+ reads due_at",
        r"dossier\.sql:\d+: mart.dossier reads due_at",
        r"kpi\.sql:\d+: figure dossiers_on_time",
    ):
        assert re.search(reads, found.output)
    assert "keep the field, or change what reads it first" in found.output
    linted = contracts("lint", folder=own_contracts)
    assert linted.exit_code == 1
    assert re.search(r"dossier\.sql:\d+: due_at: mart.dossier reads due_at", linted.output)


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
