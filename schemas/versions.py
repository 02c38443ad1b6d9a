"""The released versions of each contract, which producers may have written: `released/<domain>/<event>.v<N>.avsc`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from schemas.contract import Contract, ContractInvalid, parse_contract

RELEASED_FOLDER = Path(__file__).parent / "released"
_FILE_NAME = re.compile(r"(?P<event>[a-z0-9_]+)\.v(?P<version>[1-9]\d*)\.avsc")

Released = Mapping[str, Sequence[Contract]]


def released_path(contract: Contract, folder: Path = RELEASED_FOLDER) -> Path:
    """Where this version of the contract is, or would be, frozen."""
    return folder / contract.domain / f"{contract.event}.v{contract.version}.avsc"


def load_released(folder: Path = RELEASED_FOLDER) -> Released:
    """The released versions below `folder` by event, the oldest first; raises ContractInvalid that names the file."""
    released: dict[str, list[Contract]] = {}
    for path in sorted(folder.glob("*/*.avsc")):
        version = load_released_version(path)
        released.setdefault(version.event, []).append(version)
    for versions in released.values():
        versions.sort(key=lambda contract: contract.version)
    return MappingProxyType({event: tuple(versions) for event, versions in released.items()})


def load_released_version(path: Path) -> Contract:
    """The contract in one released file; raises ContractInvalid when it is not the version its name says."""
    named = _FILE_NAME.fullmatch(path.name)
    if named is None:
        raise ContractInvalid(f"{path}: must be called <event>.v<version>.avsc")
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
        contract = parse_contract(schema, domain=path.parent.name, event=named["event"])
    except (KeyError, json.JSONDecodeError) as error:
        raise ContractInvalid(f"{path}: {type(error).__name__} {error}") from error
    except ContractInvalid as error:
        raise ContractInvalid(f"{path}: {error.found}") from error
    if contract.version != int(named["version"]):
        raise ContractInvalid(f"{path}: holds version {contract.version}")
    return contract
