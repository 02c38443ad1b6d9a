"""`hagiang bench`: the platform's speeds as JSON."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import click


@click.command()
@click.option("--rows", default=300_000, show_default=True, type=click.IntRange(1000), help="Events to measure with.")
@click.option("--event", default="dossier_status_changed", show_default=True, help="Whose contract.")
@click.option("--freshness/--no-freshness", default=True, help="Measure through Airflow too (some minutes).")
def bench(rows: int, event: str, freshness: bool) -> None:
    """Measure produce, landing, load and freshness on a stack of its own, and print the figures as JSON.

    The stack is made in a temporary folder, on free ports, and removed afterwards. Compare figures of one run: a busy
    machine slows all of them.
    """
    from infra.bench.run import Bench, run_bench
    from infra.local.down import bring_down
    from schemas.catalog import catalog_folder, contract_named, load_catalog
    from schemas.folders import contract_folders

    catalog = load_catalog(catalog_folder(os.environ))
    contract = contract_named(catalog, event)
    with tempfile.TemporaryDirectory(prefix="hagiang-bench-") as folder:
        home = Path(folder) / "stack"
        try:
            examples = contract_folders(os.environ).examples
            measured = Bench(home, examples, catalog, contract, rows, lambda said: click.echo(said, err=True))
            click.echo(json.dumps(run_bench(measured, freshness), indent=1))
        finally:
            bring_down(home, os.environ, purge=True)
