"""Where contracts, their released versions and their examples lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from schemas.catalog import catalog_folder
from schemas.contract import Contract


@dataclass(frozen=True)
class ContractFolders:
    """`avro/<domain>/<event>.avsc`, `released/<domain>/<event>.v<N>.avsc`, `examples/<event>/*.json`."""

    avro: Path
    released: Path
    examples: Path

    def contract_file(self, contract: Contract) -> Path:
        """The contract's own file."""
        return self.avro / contract.domain / f"{contract.event}.avsc"


def contract_folders(environ: Mapping[str, str]) -> ContractFolders:
    """The contracts' folder (HAGIANG_CONTRACTS, else the project's), and `released` and `examples` beside it."""
    avro = catalog_folder(environ)
    return ContractFolders(avro=avro, released=avro.parent / "released", examples=avro.parent / "examples")
