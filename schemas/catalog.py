"""All contracts of the repository, by event name."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from infra.errors import OperatorError
from schemas.contract import Contract, ContractInvalid, load_contract

AVRO_FOLDER = Path(__file__).parent / "avro"


class UnknownEvent(OperatorError):
    """No contract has that name: `hagiang contracts list` prints the names there are."""


def catalog_folder(environ: Mapping[str, str]) -> Path:
    """The folder of the contracts: HAGIANG_CONTRACTS, for a province that keeps them elsewhere, else the project's."""
    return Path(environ.get("HAGIANG_CONTRACTS") or AVRO_FOLDER)


def load_catalog(folder: Path = AVRO_FOLDER) -> Mapping[str, Contract]:
    """Every `<domain>/<event>.avsc` below `folder`, keyed by event, in the order of the topics' names.

    Raises ContractInvalid for a file that cannot be used, or for two domains with an event of the same name, since
    tables, DAGs and suites are named by the event alone.
    """
    catalog: dict[str, Contract] = {}
    for path in sorted(folder.glob("*/*.avsc")):
        contract = load_contract(path)
        if contract.event in catalog:
            raise ContractInvalid(f"{path}: {catalog[contract.event].topic} has the same event name")
        catalog[contract.event] = contract
    return MappingProxyType(catalog)


def contract_named(catalog: Mapping[str, Contract], name: str) -> Contract:
    """The contract of an event (`dossier_status_changed`) or of a topic; raises UnknownEvent."""
    contract = catalog.get(name.split(".", 1)[-1])
    if contract is None or name not in (contract.event, contract.topic):
        raise UnknownEvent(f"{name!r} is not among the events{_hint(catalog, name)}")
    return contract


def _hint(catalog: Mapping[str, Contract], name: str) -> str:
    """The names that are probably meant, the nearest first; all there are when none is near."""
    short = name.rpartition(".")[2].lower()
    near = [event for event in catalog if short and short in event] or get_close_matches(short, catalog, n=3)
    if near:
        return f": did you mean {' or '.join(near)}?"
    return f": {', '.join(catalog) or 'there is none at all'}"
