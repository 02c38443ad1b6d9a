"""`hagiang reconcile`: is everything that Kafka took in the lake, and everything in the lake in the warehouse?"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from infra.settings import load_settings


@click.command()
@click.argument("events", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="All that was compared, as JSON.")
@click.option("--metrics", type=click.Path(dir_okay=False, path_type=Path), help="Write Prometheus text to this file.")
@click.option("--not-landed-min", type=float, default=5, show_default=True, help="Older than this: not landed.")
@click.option("--not-loaded-min", type=float, default=30, show_default=True, help="Older than this: not loaded.")
@click.option("--retention-share", type=float, default=0.25, show_default=True, help="Part of retention to be left.")
@click.option("--window-hours", type=float, default=6, show_default=True, help="Counts go back so far.")
def reconcile(
    events: tuple[str, ...],
    as_json: bool,
    metrics: Path | None,
    not_landed_min: float,
    not_loaded_min: float,
    retention_share: float,
    window_hours: float,
) -> None:
    """Compare topic, lake, ledger and rows of EVENTs (all when none is named) and print one line for each finding.

    Nothing is changed. Exit status: 0 nothing was found, 1 something was, or a server could not be asked.
    """
    from consumers.reconcile.metrics import write_metrics
    from consumers.reconcile.survey import survey
    from consumers.reconcile.thresholds import Thresholds
    from consumers.warehouse.connect import open_engine
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    settings, catalog = load_settings(os.environ), load_catalog(catalog_folder(os.environ))
    contracts = [contract_named(catalog, event) for event in events or catalog]
    thresholds = Thresholds(
        timedelta(minutes=not_landed_min),
        timedelta(minutes=not_loaded_min),
        retention_share,
        timedelta(hours=window_hours),
    )
    engine = open_engine(settings.warehouse)
    try:
        found = survey(settings.kafka, contracts, engine, open_lake(settings.lake), datetime.now(UTC), thresholds)
    finally:
        engine.dispose()
    if metrics:
        write_metrics(metrics, found)
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        for finding in found.findings:
            click.echo(finding.line)
        click.echo(f"{len(found.partitions)} partitions compared, {len(found.findings)} findings")
    if found.findings:
        sys.exit(1)
