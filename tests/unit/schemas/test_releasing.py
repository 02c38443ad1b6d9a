from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from schemas.catalog import load_catalog
from schemas.folders import ContractFolders, contract_folders
from schemas.lint import lint
from schemas.releasing import NotReleasable, release

EVENT = "dossier_status_changed"
RELEASED = load_catalog()[EVENT].version
DRAFT = RELEASED + 1


@pytest.fixture
def folders(tmp_path: Path) -> ContractFolders:
    """A copy of the project's own contracts."""
    for name in ("avro", "released", "examples"):
        shutil.copytree(getattr(contract_folders({}), name), tmp_path / name)
    return ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples")


def draft(folders: ContractFolders, *, default: bool) -> Path:
    """The next version of the contract, with one more field."""
    path = folders.avro / "government" / f"{EVENT}.avsc"
    schema = json.loads(path.read_text(encoding="utf-8"))
    note = {"name": "extra", "type": ["null", "int"] if default else "int", "doc": "Extra.", "doc_vi": "Thêm vào."}
    schema["fields"].append({**note, "personal_data": "none", **({"default": None} if default else {})})
    path.write_text(json.dumps({**schema, "version": DRAFT}, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_draft_is_frozen_as_it_is(folders: ContractFolders) -> None:
    written = draft(folders, default=True)
    target = release(folders, EVENT)
    assert target == folders.released / "government" / f"{EVENT}.v{DRAFT}.avsc"
    assert target.read_bytes() == written.read_bytes()
    assert lint(folders) == []


def test_a_released_version_is_not_released_again(folders: ContractFolders) -> None:
    with pytest.raises(NotReleasable, match=f"version {RELEASED} of"):
        release(folders, EVENT)


def test_a_breaking_draft_is_not_released(folders: ContractFolders) -> None:
    draft(folders, default=False)
    with pytest.raises(NotReleasable, match="extra was added and has no default"):
        release(folders, EVENT)
    assert not (folders.released / "government" / f"{EVENT}.v{DRAFT}.avsc").exists()
