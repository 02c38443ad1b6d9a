"""Releases a contract's draft: freezes it as the version that producers may write from now on."""

from __future__ import annotations

import shutil
from pathlib import Path

from infra.errors import OperatorError
from schemas.catalog import contract_named, load_catalog
from schemas.folders import ContractFolders
from schemas.lint import lint
from schemas.usage.readers import NO_READERS, ReaderFolders
from schemas.versions import load_released, released_path


class NotReleasable(OperatorError):
    """The draft cannot be released: mend what is named, then run `hagiang contracts release` again."""


def release(folders: ContractFolders, event: str, readers: ReaderFolders = NO_READERS) -> Path:
    """The file the contract of `event` was frozen to; raises NotReleasable, or UnknownEvent.

    Only a draft (one more than the highest released version) in an orderly catalogue is released: what is frozen can
    never be taken back.
    """
    findings = lint(folders, readers)
    if findings:
        raise NotReleasable("; ".join(map(str, findings)))
    contract = contract_named(load_catalog(folders.avro), event)
    if contract.version in {version.version for version in load_released(folders.released).get(contract.event, ())}:
        raise NotReleasable(f"version {contract.version} of {contract.topic} is released; a draft has the next number")
    target = released_path(contract, folders.released)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folders.contract_file(contract), target)
    return target
