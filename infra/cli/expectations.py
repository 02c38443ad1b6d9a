"""`hagiang contracts derive`: suites that say what the contracts say."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from schemas.contract import Contract

SUITES = Path(__file__).parents[2] / "expectations"


@click.command()
@click.argument("event", required=False)
@click.option("--check", is_flag=True, help="Change nothing; exit status 1 when a file lags behind its contract.")
@click.option(
    "--suites",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    default=SUITES,
    help="Folder of the suites, if not the project's.",
)
def derive(event: str | None, check: bool, suites: Path) -> None:
    """Bring the suite of EVENT, or all that have a file, up to date with the contract.

    What is written by hand in `expectations/<event>.json` stays. A contract needs no file: without one its suite is
    what the contract says; name its EVENT to make the file and add rules to it.
    """
    from expectations.suite_files import is_up_to_date, suite_path, write_suite

    chosen = _chosen(event, suites)
    lagging = [each for each in chosen if not (suite_path(each, suites).is_file() and is_up_to_date(each, suites))]
    for contract in lagging:
        name = suite_path(contract, suites).name if check else write_suite(contract, suites).name
        click.echo(f"{name} lags behind its contract" if check else f"{name} brought up to date")
    if check and lagging:
        click.echo("run: hagiang contracts derive", err=True)
        sys.exit(1)
    if not lagging:
        click.echo("the suites say what the contracts say")


def _chosen(event: str | None, suites: Path) -> list[Contract]:
    from expectations.suite_files import suite_path
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    catalog = load_catalog(catalog_folder(os.environ))
    if event is not None:
        return [contract_named(catalog, event)]
    return [contract for contract in catalog.values() if suite_path(contract, suites).is_file()]
