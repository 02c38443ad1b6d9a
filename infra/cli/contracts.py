"""`hagiang contracts`: the contracts of the repository, checked, documented and released."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from schemas.contract import Contract


@click.group()
def contracts() -> None:
    """List, lint, document, compare and release the contracts."""


@contracts.command("list")
def list_contracts() -> None:
    """Show every contract: topic, version, owner, key, partitions, retention."""
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
    """Check contracts, released versions and examples; exit status 1 when there is something to mend."""
    from schemas.folders import contract_folders
    from schemas.lint import lint

    findings = lint(contract_folders(os.environ))
    for finding in findings:
        click.echo(str(finding))
    if findings:
        click.echo(f"{len(findings)} to mend", err=True)
        sys.exit(1)
    click.echo("contracts, released versions and examples are in order")


@contracts.command("docs")
@click.argument("event", required=False)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write the pages to this folder.")
def write_docs(event: str | None, out: Path | None) -> None:
    """Describe the contract of EVENT, or every one, as Markdown in English and Vietnamese."""
    from schemas.docs import pages_of
    from schemas.folders import contract_folders

    pages = pages_of(contract_folders(os.environ), event)
    if out is None:
        click.echo("\n".join(pages.values()))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        (out / name).write_text(page, encoding="utf-8")
    click.echo(f"{len(pages)} pages in {out}")


@contracts.command("diff")
@click.argument("event")
def diff_contract(event: str) -> None:
    """Show what the contract of EVENT changes against its last released version, and whether that breaks any version.

    Exit status 1 when it does.
    """
    from schemas.catalog import contract_named, load_catalog
    from schemas.compatibility import BreakingChange, breaks, changes
    from schemas.folders import contract_folders
    from schemas.versions import load_released

    folders = contract_folders(os.environ)
    contract = contract_named(load_catalog(folders.avro), event)
    released = load_released(folders.released).get(contract.event, ())
    if not released:
        click.echo(f"{contract.topic} v{contract.version}: nothing is released yet")
        return
    last = released[-1]
    click.echo(f"{contract.topic} v{contract.version} against the released v{last.version}")
    found = [str(change) for change in changes(last.schema, contract.schema)]
    click.echo("\n".join(f"  {change}" for change in found or ["nothing has changed"]))
    broken = breaks(contract, released)
    if broken:
        raise BreakingChange("; ".join(map(str, broken)))
    click.echo("compatible with every released version, both ways (FULL_TRANSITIVE)")


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
    from schemas.folders import contract_folders
    from schemas.releasing import release

    click.echo(f"released as {release(contract_folders(os.environ), event)}; commit this file")
