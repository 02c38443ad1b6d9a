"""`hagiang contracts new` and `diff`: begin a contract, and see what a change of one breaks."""

from __future__ import annotations

import os

import click


@click.command("new")
@click.argument("domain")
@click.argument("event")
@click.option("--owner", default="digital-transformation-board", show_default=True, help="Unit in charge, kebab-case.")
def new_contract(domain: str, event: str, owner: str) -> None:
    """Write a skeleton contract of EVENT in DOMAIN with examples; it passes `lint` as it is."""
    from schemas.folders import contract_folders
    from schemas.skeleton import create

    for path in create(contract_folders(os.environ), domain, event, owner):
        click.echo(str(path))
    click.echo("describe the event and its fields in both languages, and make the examples real")


@click.command("diff")
@click.argument("event")
def diff_contract(event: str) -> None:
    """Show what the contract of EVENT changes against its last released version, and what that breaks.

    Broken may be released versions, expectations written by hand, marts and figures. Exit status 1 when one is.
    """
    from infra.cli.contract_readers import reader_folders
    from schemas.catalog import contract_named, load_catalog
    from schemas.compatibility import BreakingChange, breaks, changes
    from schemas.folders import contract_folders
    from schemas.impact import ReadersBroken, impact
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
    broken, uses = breaks(contract, released), impact(contract, released, reader_folders())
    if uses:
        click.echo("\n".join(["what reads it:", *(f"  {use}" for use in uses)]))
    if broken:
        raise BreakingChange("; ".join(map(str, broken)))
    if uses:
        raise ReadersBroken(f"{len(uses)} places read what has changed")
    click.echo("compatible with every released version, both ways (FULL_TRANSITIVE)")
