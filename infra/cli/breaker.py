"""`hagiang breaker`: loads that wait because too much of one was bad, and letting them go on."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

import click

from infra.settings import load_settings

if TYPE_CHECKING:
    from consumers.warehouse.openings import Opening


@click.group()
def breaker() -> None:
    """Loads that wait because too much of one was bad."""


@breaker.command("list")
def list_open() -> None:
    """Open breakers, the oldest first: which load waits, since when, how much of it fails, by which rules."""
    found = open_now()
    for opening in found:
        click.echo(line_of(opening))
    if not found:
        click.echo("No breaker is open. / Không có cầu dao nào đang ngắt.")


@breaker.command("resume")
@click.argument("event")
@click.option(
    "--how",
    type=click.Choice(["check", "quarantine"]),
    required=True,
    help="check: the rule or the source is mended, judge the next load anew; quarantine: load what waits, its bad rows "
    "into the quarantine.",
)
@click.option("--by", default=getpass.getuser, show_default="you", help="Who says so, for the record.")
@click.option("--why", required=True, help="Why, for the record.")
def resume_loads(event: str, how: str, by: str, why: str) -> None:
    """Let loads of EVENT go on. The next one starts at once if Airflow can be told, else within 15 minutes."""
    from consumers.warehouse.connect import open_engine
    from consumers.warehouse.openings import resume

    settings = load_settings(os.environ)
    engine = open_engine(settings.warehouse)
    try:
        resume(engine, event, how=how, by=by, why=why)
    finally:
        engine.dispose()
    woken = "The next load starts now." if _wake(event) else "The next load starts within 15 minutes."
    click.echo(f"Loads of {event} go on. {woken}")


def open_now() -> list[Opening]:
    """Open breakers of the warehouse; raises WarehouseUnavailable."""
    from consumers.warehouse.connect import open_engine, warehouse_errors
    from consumers.warehouse.openings import open_breakers

    engine = open_engine(load_settings(os.environ).warehouse)
    try:
        with warehouse_errors(), engine.connect() as connection:
            return open_breakers(connection)
    finally:
        engine.dispose()


def line_of(opening: Opening) -> str:
    """One line for people."""
    share = opening.failed / opening.total
    return f"{opening.message} ({share:.1%}), open since {opening.opened_at:%Y-%m-%d %H:%M:%S} UTC"


def _wake(event: str) -> bool:
    """Whether Airflow took the hint; its clock starts the load in any case."""
    import httpx

    from consumers.landing.announce import AirflowAssets

    assets = AirflowAssets(load_settings(os.environ).airflow)
    try:
        assets.create_event(event, {"by": "hagiang breaker resume"})
    except (httpx.HTTPError, LookupError, ValueError):
        return False
    finally:
        assets.close()
    return True
