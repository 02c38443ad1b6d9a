from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemas.catalog import load_catalog
from schemas.folders import ContractFolders
from schemas.lint import lint
from schemas.lint_contract import DOMAINS
from schemas.skeleton import NotCreatable, create


@pytest.fixture
def folders(tmp_path: Path) -> ContractFolders:
    return ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples")


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("event", ["product_listed", "flood_warning_level_raised", "founded"])
def test_a_new_contract_passes_the_linter_at_once(folders: ContractFolders, domain: str, event: str) -> None:
    written = create(folders, domain, event)
    assert lint(folders) == []
    assert len(written) == 6
    contract = load_catalog(folders.avro)[event]
    assert contract.domain == domain
    assert contract.key == f"{event.rpartition('_')[0] or event}_code"


@pytest.mark.parametrize(("domain", "event"), [("sport", "match_won"), ("society", "MatchWon"), ("society", "x" * 60)])
def test_what_the_linter_would_refuse_is_not_written(folders: ContractFolders, domain: str, event: str) -> None:
    with pytest.raises(NotCreatable):
        create(folders, domain, event)
    assert not folders.avro.exists()


@pytest.mark.parametrize("left", ["avro", "examples"])
def test_neither_a_contract_nor_its_examples_alone_are_overwritten(folders: ContractFolders, left: str) -> None:
    create(folders, "society", "class_held")
    shutil.rmtree(folders.examples if left == "avro" else folders.avro)
    with pytest.raises(NotCreatable, match="class_held"):
        create(folders, "society", "class_held")


def test_an_event_is_never_overwritten(folders: ContractFolders) -> None:
    (path, *_) = create(folders, "society", "class_held")
    before = path.read_bytes()
    with pytest.raises(NotCreatable, match="class_held"):
        create(folders, "society", "class_held", owner="someone-else")
    with pytest.raises(NotCreatable, match="class_held"):
        create(folders, "economy", "class_held")
    assert path.read_bytes() == before
