"""The linter's look beyond the contracts: nothing may read a field that an event no longer has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schemas.contract import Contract
from schemas.findings import Finding, nearest
from schemas.lint_fields import RESERVED
from schemas.usage.fields import field_paths
from schemas.usage.readers import ReaderFolders, Readers, event_tables, readers_of, uses_of
from schemas.versions import Released

_WAREHOUSE_COLUMNS = {*RESERVED, "event_id"}


def reader_findings(contracts: Mapping[str, Contract], released: Released, folders: ReaderFolders) -> Iterator[Finding]:
    """Marts and expectations written by hand that read what a contract does not have, or has no more."""
    for event, contract in contracts.items():
        readers = readers_of(contract, folders)
        gone = dict(_dropped(contract, released.get(event, ())))
        yield from _readers_of_dropped(contract, readers, gone)
        yield from _unknown_in_rules(contract, readers, gone)
        yield from _unknown_in_marts(contract, readers, gone)


def _dropped(contract: Contract, released: Sequence[Contract]) -> Iterator[tuple[str, int]]:
    """Fields that a released version has and the contract has not, each with the last version that has it."""
    kept = field_paths(contract)
    for version in released:
        yield from ((path, version.version) for path in field_paths(version) if path not in kept)


def _readers_of_dropped(contract: Contract, readers: Readers, gone: Mapping[str, int]) -> Iterator[Finding]:
    for path, version in gone.items():
        for use in uses_of(readers, contract.event, path):
            what = f"{use.what}, which {contract.topic} has dropped since its version {version}"
            yield Finding(use.path, path, what, "Keep the field, or change its readers first", use.line)


def _unknown_in_rules(contract: Contract, readers: Readers, gone: Mapping[str, int]) -> Iterator[Finding]:
    known = {*field_paths(contract), *_WAREHOUSE_COLUMNS, *gone}
    for rule in readers.rules:
        for name, line in rule.named:
            if name not in known:
                what = f"the rule {rule.rule} reads {name}, which {contract.topic} does not have"
                yield Finding(rule.path, name, what, nearest(name, field_paths(contract)), line)


def _unknown_in_marts(contract: Contract, readers: Readers, gone: Mapping[str, int]) -> Iterator[Finding]:
    """Only where the SQL says whose column it is; other names may come from anywhere in the query."""
    known = {*(path.rpartition(".")[2] for path in (*field_paths(contract), *gone)), *_WAREHOUSE_COLUMNS}
    for mart in readers.marts:
        for name, line in {each for table in event_tables(contract) for each in mart.own_columns(table)}:
            if name not in known:
                what = f"{mart.table} reads {name}, which {contract.topic} does not have"
                yield Finding(mart.path, name, what, nearest(name, field_paths(contract)), line)
