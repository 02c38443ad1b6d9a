"""The linter over the whole catalogue: contracts, their released versions, their examples and their readers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from schemas.contract import Contract, ContractInvalid, load_contract
from schemas.findings import Finding, Remark
from schemas.folders import ContractFolders
from schemas.json_places import line_in_contract
from schemas.lint_contract import Named, record_remarks
from schemas.lint_examples import example_findings
from schemas.lint_keep import core_term_findings
from schemas.lint_readers import reader_findings
from schemas.lint_versions import readable_versions, version_findings
from schemas.usage.readers import NO_READERS, ReaderFolders


def lint(folders: ContractFolders, readers: ReaderFolders = NO_READERS) -> list[Finding]:
    """Everything to mend, in the order of the files, each with its line; empty when the catalogue is in order.

    `readers` are looked through for fields that the contracts no longer have.
    """
    contracts, found = _contracts(folders.avro)
    broken = {path.stem for path in folders.avro.glob("*/*.avsc")} - contracts.keys()
    found += _same_tables(folders.avro, contracts)
    found += version_findings(folders, contracts, broken)
    found += example_findings(folders, contracts, broken)
    for contract in contracts.values():
        found += core_term_findings(contract, folders.contract_file(contract), readers)
    found += reader_findings(contracts, readable_versions(folders.released), readers)
    return [_with_line(finding) for finding in found]


def _with_line(finding: Finding) -> Finding:
    if finding.line or finding.file.suffix != ".avsc" or not finding.file.is_file():
        return finding
    text = finding.file.read_text(encoding="utf-8", errors="replace")
    return replace(finding, line=line_in_contract(text, finding.where))


def _contracts(folder: Path) -> tuple[dict[str, Contract], list[Finding]]:
    """The contracts that can be read, by event, and what is wrong with these and the others."""
    contracts: dict[str, Contract] = {}
    found: list[Finding] = []
    for path in _files(folder):
        if path.suffix != ".avsc" or path.parent.parent != folder:
            found.append(Finding(path, "", "is no <domain>/<event>.avsc", "Rename, move or remove it"))
            continue
        problems = [Finding(path, remark.where, remark.what, remark.mend) for remark in _remarks(path)]
        problems = problems or _unreadable(path)
        found += problems
        if not problems:
            contracts.setdefault(path.stem, load_contract(path))
    if not contracts and not found:
        found.append(Finding(folder, "", "holds no contract", "Check the folder"))
    return contracts, found


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _remarks(path: Path) -> Iterator[Remark]:
    try:
        schema: Any = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_no_repeats)
    except (json.JSONDecodeError, UnicodeDecodeError, RepeatedAttribute) as error:
        yield Remark("", f"is not JSON: {error}", "Mend it")
        return
    if isinstance(schema, dict):
        yield from record_remarks(Named(path.parent.name, path.stem, schema))
    else:
        yield Remark("", "is no JSON object", "Describe the event as an Avro record")


class RepeatedAttribute(ValueError):
    """JSON readers keep the last of two attributes of one name, and nobody sees the first."""


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise RepeatedAttribute(f"{name} occurs {names.count(name)} times in one object")
    return dict(pairs)


def _unreadable(path: Path) -> list[Finding]:
    """What only reading it as the platform does brings to light, such as a record that is not named after its file."""
    try:
        load_contract(path)
    except ContractInvalid as error:
        return [Finding(path, "", error.found.removeprefix(f"{path}: "), "See schemas/contract.py")]
    return []


def _same_tables(folder: Path, contracts: dict[str, Contract]) -> Iterator[Finding]:
    """Tables are named by the event alone, and a list's table by event and field."""
    owner: dict[str, str] = {}
    for path in sorted(folder.glob("*/*.avsc")):
        children = contracts[path.stem].children if path.stem in contracts else ()
        for table in (path.stem, *(f"{path.stem}_{child.name}" for child in children)):
            if owner.setdefault(table, str(path)) != str(path):
                yield Finding(path, "", f"has the table {table}, as {owner[table]} has", "Rename one of them")
