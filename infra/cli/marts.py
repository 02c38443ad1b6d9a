"""`hagiang marts`: the tables for dashboards, built without waiting for Airflow."""

from __future__ import annotations

import os

import click
from rich.console import Console
from rich.table import Table

from infra.settings import load_settings


@click.group()
def marts() -> None:
    """The tables of schema mart, which dashboards read."""


@marts.command("build")
@click.option("--whole", is_flag=True, help="Build all of them from all of core, whatever has changed.")
def build(whole: bool) -> None:
    """Bring every mart up to date, as the DAG build_marts does after each load.

    --whole is for rows that came or went without a load, and for doubts: it takes longer and harms nothing.
    """
    from consumers.warehouse.connect import open_engine
    from consumers.warehouse.marts.build import build_marts
    from schemas.catalog import catalog_folder, load_catalog

    engine = open_engine(load_settings(os.environ).warehouse)
    try:
        builds = build_marts(engine, catalog=load_catalog(catalog_folder(os.environ)), whole=whole)
    finally:
        engine.dispose()
    table = Table("mart", "built", "days", "rows", "seconds")
    for each in builds:
        days = "" if each.days is None else str(len(each.days))
        table.add_row(each.mart, each.kind, days, str(each.rows), f"{each.seconds:.2f}")
    Console().print(table)
