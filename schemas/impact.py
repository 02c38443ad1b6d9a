"""What a change of a contract breaks behind it: rules written by hand, marts, and the figures made from these."""

from __future__ import annotations

from collections.abc import Sequence

from infra.errors import OperatorError
from schemas.contract import Contract
from schemas.usage.fields import paths_lost
from schemas.usage.readers import ReaderFolders, Use, figures_behind, readers_of, uses_of


class ReadersBroken(OperatorError):
    """Rules, marts or figures read what the contract has no more: keep the field, or change what reads it first."""


def impact(contract: Contract, released: Sequence[Contract], folders: ReaderFolders) -> list[Use]:
    """Each place that reads a field which the contract has lost or changed since a released version, each once.

    A field that was renamed counts as lost under its old name.
    """
    found: list[Use] = []
    for version in released:
        readers = readers_of(version, folders)
        uses = [use for path in paths_lost(version, contract) for use in uses_of(readers, contract.event, path)]
        found += [*uses, *figures_behind(readers, uses)]
    return list(dict.fromkeys(found))
