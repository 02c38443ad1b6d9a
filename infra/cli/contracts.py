"""`hagiang contracts`: the contracts of the repository, checked, documented and released."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from infra.cli.contract_changes import diff_contract, new_contract
from infra.cli.contract_docs import write_docs
from infra.cli.expectations import derive

if TYPE_CHECKING:
    from schemas.contract import Contract


@click.group()
def contracts() -> None:
    """Begin, list, lint, document, compare and release the contracts."""


for command in (new_contract, write_docs, diff_contract, derive):
    contracts.add_command(command)


@contracts.command("list")
def list_contracts() -> None:
    """Show every contract: topic, version, owner, key, partitions, how long its topic keeps records."""
    from schemas.catalog import load_catalog
    from schemas.folders import contract_folders
    from schemas.versions import load_released

    folders = contract_folders(os.environ)
    released = load_released(folders.released)
    for contract in load_catalog(folders.avro).values():
        versions = [version.version for version in released.get(contract.event, ())]
        state = "released" if contract.version in versions else "draft"
        click.echo(
            f"{contract.topic}  v{contract.version} ({state})  owner {contract.owner}  key {contract.key}  "
            f"partitions {contract.partitions}  kept {contract.retention_days} days\n    {contract.doc}\n"
            f"    {contract.doc_vi}"
        )


@contracts.command("lint")
def lint_contracts() -> None:
    """Check contracts, released versions, examples and what reads them; exit status 1 when there is something to mend.

    Expectations written by hand and marts may not read a field that its contract does not have.
    """
    from infra.cli.contract_readers import reader_folders
    from schemas.folders import contract_folders
    from schemas.lint import lint

    findings = lint(contract_folders(os.environ), reader_folders())
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{len(findings)} to mend", err=True)
        sys.exit(1)
    click.echo("contracts, released versions, examples and their readers are in order")


@contracts.command("check")
@click.option("--registry", "ask_registry", is_flag=True, help="Ask the schema registry as well.")
def check_contracts(ask_registry: bool) -> None:
    """Check every contract against its released versions; exit status 1 when one breaks them."""
    from schemas.catalog import load_catalog
    from schemas.compatibility import BreakingChange, breaks
    from schemas.folders import contract_folders
    from schemas.versions import load_released

    folders = contract_folders(os.environ)
    catalog, released = load_catalog(folders.avro), load_released(folders.released)
    broken = [
        f"{each.topic} {found}" for each in catalog.values() for found in breaks(each, released.get(each.event, ()))
    ]
    if ask_registry:
        broken += _refused_by_registry(list(catalog.values()))
    if broken:
        raise BreakingChange("; ".join(broken))
    click.echo(f"{len(catalog)} contracts are compatible with every released version, both ways (FULL_TRANSITIVE)")


def _refused_by_registry(catalog: list[Contract]) -> list[str]:
    from infra.settings import load_settings
    from schemas.registry import Registry

    with Registry(load_settings(os.environ).registry_url) as registry:
        return [
            f"{each.topic}: the registry refuses it"
            for each in catalog
            if not registry.is_compatible(each.subject, each.schema)
        ]


@contracts.command("release")
@click.argument("event")
def release_contract(event: str) -> None:
    """Freeze the draft of EVENT as a released version; refused while `lint` has findings."""
    from infra.cli.contract_readers import reader_folders
    from schemas.folders import contract_folders
    from schemas.releasing import release

    click.echo(f"released as {release(contract_folders(os.environ), event, reader_folders())}; commit this file")
