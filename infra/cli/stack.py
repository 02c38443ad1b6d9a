"""Commands over the embedded stack: up, down, status, env, logs."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime

import click

from infra.settings import STACK_ENV, SettingMissing, home_of, read_env_file


@click.command()
@click.option("--only", default="", metavar="PART,...", help="Start these parts alone, with what they need.")
@click.option("--ports", type=click.Choice(["usual", "auto"]), default="usual", help="auto: free ports, chosen now.")
def up(only: str, ports: str) -> None:
    """Start Kafka, registry, store, PostgreSQL, Airflow, landing and gateway; wait until they answer."""
    from infra.cli.progress import show_progress
    from infra.local.up import bring_up

    home = home_of(os.environ)
    chosen = tuple(name for name in only.split(",") if name)
    with show_progress() as progress:
        bring_up(home, os.environ, only=chosen, automatic_ports=ports == "auto", progress=progress)
    click.echo(f"The stack is up. Its addresses: hagiang env. Its state: {home}")


@click.command()
@click.option("--purge", is_flag=True, help="Remove all data of the stack as well.")
def down(purge: bool) -> None:
    """Stop every process of the stack."""
    from infra.local.down import bring_down

    bring_down(home_of(os.environ), os.environ, purge=purge)
    click.echo("The stack is down, and its data removed." if purge else "The stack is down; its data is kept.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def status(as_json: bool) -> None:
    """Show each part, loads that wait behind an open breaker, and persons who should have been erased by now.

    Exit status 1 unless all parts are ready.
    """
    from infra.local.status import stack_status

    parts = stack_status(home_of(os.environ), os.environ)
    if as_json:
        click.echo(json.dumps([asdict(part) for part in parts], indent=1))
    else:
        for part in parts:
            click.echo(f"{part.name:22} {part.state:10} {'ready' if part.ready else 'not ready':10} {part.log}")
        if any(part.name == "postgres" and part.ready for part in parts):
            _show_breakers()
            _show_overdue_erasures()
    if not parts or not all(part.ready for part in parts):
        sys.exit(1)


def _show_breakers() -> None:
    from infra.cli.breaker import line_of, open_now

    for opening in open_now():
        click.echo(f"BREAKER OPEN           {line_of(opening)}; see hagiang breaker resume --help")


def _show_overdue_erasures() -> None:
    from consumers.warehouse.erasure.due import overdue
    from infra.cli.warehouse import open_warehouse

    with open_warehouse() as engine:
        for each in overdue(engine, lambda: datetime.now(UTC)):
            click.echo(f"ERASURE OVERDUE        request {each.erasure_id}, {each.reference}; see hagiang erase list")


@click.command()
def env() -> None:
    """Print addresses and credentials as shell exports: eval "$(hagiang env)"."""
    path = home_of(os.environ) / STACK_ENV
    variables = read_env_file(path)
    if not variables:
        raise SettingMissing(f"{path} is not there")
    for name, value in variables.items():
        click.echo(f"export {name}={shlex.quote(value)}")


@click.command()
@click.argument("part", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on printing what is added.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many lines from the end.")
def logs(part: str | None, follow: bool, lines: int) -> None:
    """Print the end of a part's log, or of every part's."""
    from infra.local.home import Home

    folder = Home(home_of(os.environ)).logs
    paths = sorted(folder.glob("*.log")) if part is None else [folder / f"{part}.log"]
    if not paths or not paths[0].exists():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.log")))
        raise click.UsageError(f"no log of {part or 'any part'} in {folder} (there are: {known or 'none'})")
    subprocess.run(["tail", "-n", str(lines), *(["-F"] if follow else []), *map(str, paths)], check=False)
