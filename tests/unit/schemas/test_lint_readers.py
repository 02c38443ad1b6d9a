"""The linter fails a pull request that takes a field from its readers, or leaves an event bare: by file and line."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.cli.contract_readers import reader_folders
from schemas.catalog import load_catalog
from schemas.findings import Finding
from schemas.folders import ContractFolders, contract_folders
from schemas.lint import lint
from schemas.usage.readers import ReaderFolders

EVENT = "dossier_status_changed"
DRAFT = load_catalog()[EVENT].version + 1
Schema = dict[str, Any]


@pytest.fixture
def folders(tmp_path: Path) -> ContractFolders:
    for name in ("avro", "released", "examples"):
        shutil.copytree(getattr(contract_folders({}), name), tmp_path / name)
    return ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples")


@pytest.fixture
def readers(tmp_path: Path) -> ReaderFolders:
    """One mart and one rule of their own, which read `due_at`."""
    found = ReaderFolders(tmp_path / "expectations", tmp_path / "marts")
    rule = {
        "type": "expect_column_pair_values_a_to_be_greater_than_b",
        "kwargs": {"column_A": "due_at", "column_B": "received_at"},
        "severity": "critical",
        "meta": {"origin": "hand", "rule": "due_later", "reason_en": "due later", "reason_vi": "hạn trả sau"},
    }
    write(tmp_path / "expectations" / f"{EVENT}.json", json.dumps({"name": EVENT, "expectations": [rule]}, indent=2))
    write(tmp_path / "marts" / "due.sql", f"INSERT INTO mart.due\nSELECT status,\n    due_at\nFROM core.{EVENT}")
    return found


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def contract_path(folders: ContractFolders) -> Path:
    return folders.avro / "government" / f"{EVENT}.avsc"


def change(folders: ContractFolders, edit: Callable[[Schema], object], *, version: int = DRAFT) -> None:
    schema = json.loads(contract_path(folders).read_text(encoding="utf-8"))
    edit(schema)
    contract_path(folders).write_text(json.dumps({**schema, "version": version}, indent=2), encoding="utf-8")


def drop(name: str) -> Callable[[Schema], object]:
    return lambda schema: schema.update(fields=[each for each in schema["fields"] if each["name"] != name])


def named(findings: list[Finding], what: str) -> list[tuple[Path, str]]:
    """The files of these findings, and the text of the lines they name."""
    found = [each for each in findings if what in each.what]
    return [(each.file, each.file.read_text(encoding="utf-8").splitlines()[each.line - 1]) for each in found]


def test_nothing_reads_a_field_that_is_not_there() -> None:
    assert lint(contract_folders({}), reader_folders()) == []


def test_a_dropped_field_that_a_mart_reads_is_found_in_the_mart(
    folders: ContractFolders, readers: ReaderFolders
) -> None:
    change(folders, drop("due_at"))
    findings = lint(folders, readers)
    (place,) = named(findings, "mart.due reads due_at, which government.dossier_status_changed")
    assert readers.marts is not None
    assert place[0] == readers.marts / "due.sql"
    assert place[1] == "    due_at"
    assert {each.where for each in findings if "has dropped" in each.what} == {"due_at"}


def test_a_dropped_field_that_a_rule_reads_is_found_in_the_suite(
    folders: ContractFolders, readers: ReaderFolders
) -> None:
    change(folders, drop("due_at"))
    (place,) = named(lint(folders, readers), "the rule due_later reads due_at")
    assert readers.expectations is not None
    assert place == (readers.expectations / f"{EVENT}.json", '        "column_A": "due_at",')


def test_a_term_for_core_is_found_where_marts_are_made_from_the_event(
    folders: ContractFolders, readers: ReaderFolders
) -> None:
    terms = {"lake_days": 90, "quarantine_days": 90, "core_days": 90}
    change(folders, lambda schema: schema.update(keep=terms))
    (place,) = named(lint(folders, readers), "core_days would change the figures of mart.due")
    assert place == (contract_path(folders), '  "keep": {')
    del terms["core_days"]
    change(folders, lambda schema: schema.update(keep=terms))
    assert not named(lint(folders, readers), "core_days")


def test_a_dropped_field_that_nobody_reads_may_go(folders: ContractFolders, readers: ReaderFolders) -> None:
    change(folders, drop("applicant_kind"))
    assert not named(lint(folders, readers), "has dropped")


def test_the_drop_is_found_after_its_release_as_well(folders: ContractFolders, readers: ReaderFolders) -> None:
    change(folders, drop("due_at"))
    shutil.copy(contract_path(folders), folders.released / "government" / f"{EVENT}.v{DRAFT}.avsc")
    assert named(lint(folders, readers), "mart.due reads due_at")


def test_a_mart_that_names_no_field_is_found(folders: ContractFolders, readers: ReaderFolders) -> None:
    assert readers.marts is not None
    sql = "SELECT step.status,\nstep.chanel, step.kafka_offset\nFROM core.dossier_status_changed AS step"
    (readers.marts / "x.sql").write_text(sql, encoding="utf-8")
    (found,) = lint(folders, readers)
    assert str(found).startswith(f"{readers.marts / 'x.sql'}:2: chanel: mart.x reads chanel")
    assert found.mend == "Did you mean channel"


def test_a_rule_that_names_no_field_is_found(folders: ContractFolders, readers: ReaderFolders) -> None:
    assert readers.expectations is not None
    path = readers.expectations / f"{EVENT}.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"column_A": "due_at"', '"column_A": "due_on"'), "utf-8")
    (found,) = lint(folders, readers)
    assert found.what.startswith("the rule due_later reads due_on")


def test_an_incompatible_field_is_found_in_its_own_line(folders: ContractFolders) -> None:
    change(folders, lambda schema: schema["fields"][9].update(type="long"))
    assert (contract_path(folders), '      "name": "status",') in named(lint(folders), "was int and is long")


@pytest.mark.parametrize(
    ("edit", "what", "line"),
    [
        (lambda schema: schema.update(owner="Nobody"), "kebab-case", '  "owner": "Nobody",'),
        (lambda schema: schema["fields"][7].update(personal_data="?"), "is no class", '      "name": "commune_code",'),
        (lambda schema: schema["fields"][7].pop("personal_data"), "personal_data is", '      "name": "commune_code",'),
        (lambda schema: schema.pop("owner"), "is missing", "{"),
    ],
)
def test_an_event_without_owner_or_classes_is_found_in_its_line(
    folders: ContractFolders, edit: Callable[[Schema], object], what: str, line: str
) -> None:
    change(folders, edit)
    assert named(lint(folders), what) == [(contract_path(folders), line)]


def test_an_event_without_examples_is_found_in_its_contract(folders: ContractFolders) -> None:
    shutil.rmtree(folders.examples / EVENT)
    findings = lint(folders)
    assert [str(each).partition(": ")[0] for each in findings] == [f"{contract_path(folders)}:1"] * 2
    assert [each.what for each in findings] == ["has 0 accepted examples", "has 0 rejected examples"]
