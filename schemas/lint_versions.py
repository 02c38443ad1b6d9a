"""Checks of versions: a contract is its highest released version, unchanged, or the draft of the next one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from schemas.compatibility import breaks
from schemas.contract import Contract, ContractInvalid
from schemas.findings import Finding
from schemas.folders import ContractFolders
from schemas.versions import Released, load_released_version


def readable_versions(folder: Path) -> Released:
    """The released versions that can be read, by event, the oldest first."""
    found: dict[str, list[Contract]] = {}
    for path in sorted(folder.glob("*/*.avsc")):
        with suppress(ContractInvalid):
            version = load_released_version(path)
            found.setdefault(version.event, []).append(version)
    return {event: sorted(versions, key=lambda each: each.version) for event, versions in found.items()}


def version_findings(
    folders: ContractFolders, contracts: Mapping[str, Contract], broken: Collection[str]
) -> Iterator[Finding]:
    """What is wrong between the contracts and their released versions; `broken` events are passed over."""
    folder = folders.released
    released: dict[str, list[Contract]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            version = load_released_version(path)
        except ContractInvalid as error:
            yield Finding(path, "", error.found.removeprefix(f"{path}: "), "Restore it: released files never change")
            continue
        if version.event in broken:
            continue
        if version.event not in contracts or contracts[version.event].domain != version.domain:
            yield Finding(path, "", "has no contract any more", "Restore the contract: its events may be read again")
            continue
        released.setdefault(version.event, []).append(version)
    for event, contract in contracts.items():
        versions = sorted(released.get(event, []), key=lambda each: each.version)
        file = folders.contract_file(contract)
        for what, mend in _versions(contract, versions):
            yield Finding(file, f"version {contract.version}", what, mend)
        for each in breaks(contract, versions):
            yield Finding(file, each.change.where, str(each), "Undo it, or publish it as an event of a new name")


def _versions(contract: Contract, released: Sequence[Contract]) -> Iterator[tuple[str, str]]:
    numbers = [version.version for version in released]
    highest = max(numbers, default=0)
    if numbers != list(range(1, highest + 1)):
        yield f"released are {numbers}, with a gap", "Restore the missing files: released versions never go away"
    if contract.version not in (highest, highest + 1) or contract.version == 0:
        yield f"the highest released version is {highest}", f"Number the contract {highest + 1}, the draft of the next"
    if contract.version == highest and contract.schema != released[-1].schema:
        yield (
            "the contract differs from its released file",
            f"Undo the change, or number it {highest + 1} to draft the next version",
        )
