"""`hagiang demo`: the main job, expected beside found."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from infra.demo.made import Scenario
    from infra.demo.run import Watch
    from infra.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--seed", default=2021, show_default=True, help="The same seed gives the same events and numbers.")
@click.option(
    "--events",
    default=60_000,
    show_default=True,
    type=click.IntRange(min=1),
    help="How many are published; fewer than the default do not hold the published figures.",
)
@click.option(
    "--scenario",
    default="june-2021",
    show_default=True,
    type=click.Choice(["june-2021", "growth"]),
    help="The month behind the published figures, or 2021 to 2025 in fast time with the merger of July 2025.",
)
@click.option("--input", "inputs", multiple=True, type=FILE, help="Your own events, JSON, named <event>.jsonl.")
@click.argument("more_inputs", nargs=-1, type=FILE, metavar="[FILE]...")
def demo(seed: int, events: int, scenario: Scenario, inputs: tuple[Path, ...], more_inputs: tuple[Path, ...]) -> None:
    """Bring the stack up, hand made events over by every way in, and check every station of their path.

    With --input FILE... your own events take the place of the made ones. The stack stays up. Exit status 0 only if all
    that was expected was found.
    """
    from rich.console import Console

    from infra.cli.progress import show_progress
    from infra.demo.given import given_events
    from infra.demo.made import MadeEvents, made_events
    from infra.demo.run import run
    from infra.demo.summary import print_summary
    from infra.demo.waiting import Patience
    from infra.local.home import make_home
    from infra.local.simulated_platforms import ensure_simulated_platforms
    from infra.local.up import bring_up
    from infra.settings import home_of, load_settings
    from schemas.catalog import catalog_folder, load_catalog

    # What the relay sets aside is spoiled on purpose, and counted in the ways' table.
    logging.getLogger("producers.outbox").setLevel(logging.ERROR)
    catalog = load_catalog(catalog_folder(os.environ))
    paths = (*inputs, *more_inputs)
    source = given_events(catalog, paths) if paths else made_events(seed, events, scenario)
    if isinstance(source, MadeEvents) and source.shared.messages:
        ensure_simulated_platforms(make_home(home_of(os.environ)))
    with show_progress() as progress:
        bring_up(home_of(os.environ), os.environ, progress=progress)
    settings = load_settings(os.environ)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    with _watch() as watch:
        outcome = run(settings, catalog, source, watch, Patience())
    agrees = print_summary(console, settings, catalog, source, outcome)
    _print_addresses(console, settings)
    sys.exit(0 if agrees else 1)


@contextmanager
def _watch() -> Iterator[Watch]:
    """A line on standard error that says what the run is doing and how much is left."""
    from rich.console import Console

    from infra.demo.run import Watch

    console = Console(stderr=True, highlight=False)
    phase = ""
    with console.status("") as line:

        def begin(name: str, size: int) -> None:
            nonlocal phase
            phase = name
            console.print(f"  {name}{f': {size:,}' if size else ''}")

        def left(number: int) -> None:
            if number % 500 == 0:
                line.update(f"{phase}: {number:,} left")

        yield Watch(begin, left)


def _print_addresses(console: Console, settings: Settings) -> None:
    console.print(
        f"Airflow UI   {settings.airflow.url}   (user {settings.airflow.admin.user}; hagiang env has the password)"
    )
    console.print(f"Data Docs    {settings.airflow.url}/data-docs/")
    console.print(
        'Warehouse    psql "$WAREHOUSE_URL", for dashboards "$DASHBOARD_URL"   (eval "$(hagiang env)" sets them)'
    )
