"""`hagiang compact`: the lake's small batches of closed days merged."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import click

from infra.cli.warehouse import open_warehouse
from infra.settings import load_settings


@click.command()
@click.argument("events", nargs=-1)
def compact(events: tuple[str, ...]) -> None:
    """Merge the small batches of EVENTs (all when none is named) that are loaded and of a day that has passed.

    What it merged is removed by a run 20 hours later or after; until then both are there, and readers take one of them.
    It may be killed and repeated; the DAG compact_lake does it every night.
    """
    from consumers.warehouse.compaction import compact_event
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    catalog = load_catalog(catalog_folder(os.environ))
    contracts = [contract_named(catalog, event) for event in events or catalog]
    lake = open_lake(load_settings(os.environ).lake)
    with open_warehouse() as engine:
        for contract in contracts:
            done = compact_event(engine, lake, contract, datetime.now(UTC))
            if done.made or done.removed:
                click.echo(
                    f"{contract.event}: {done.merged} batches merged into {done.made}, "
                    f"{done.removed} objects merged before removed / đã gộp lô"
                )
