"""`hagiang marketplaces`: what runs beside the pushes of marketplaces, and what became of them."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from infra.cli.publish import DIFFERS
from infra.settings import Settings, load_settings
from producers.marketplaces.shops import NAMES

if TYPE_CHECKING:
    from producers.marketplaces.deliver import Delivery
    from producers.marketplaces.recount import Recount
    from producers.marketplaces.sessions import Sessions

_PLATFORM = click.Choice(NAMES)


@click.group()
def marketplaces() -> None:
    """Order states of marketplaces: deliver pushes, pull, recount, audit."""


@marketplaces.command()
def run() -> None:
    """Deliver accepted pushes, pull from Tiki and Sendo, recover lost pushes, until stopped (SIGTERM or Ctrl-C)."""
    from infra.log_lines import log_as_lines
    from producers.marketplaces.run import run_marketplaces

    log_as_lines()
    with _delivery() as delivery:
        alive = load_settings(os.environ).home / "marketplaces.alive"
        run_marketplaces(delivery, _stop_on_signals(), alive)


@marketplaces.command()
@click.option("--port", type=int, required=True, help="Port to listen on, on loopback.")
def simulate(port: int) -> None:
    """Answer order calls as Shopee and Lazada would, for the orders of `hagiang demo`, until stopped."""
    from infra.local.simulated_platforms import ORDERS, simulated_app
    from infra.settings import home_of
    from producers.simulator.platforms.kept import KeptWorld
    from producers.simulator.platforms.server import platform_server

    home = home_of(os.environ)
    app = simulated_app(home)
    with platform_server(KeptWorld(app.key, app.secret, folder=home / ORDERS), port):
        _stop_on_signals().wait()


@marketplaces.command()
@click.argument("platform", type=click.Choice(["shopee", "tiki", "sendo"]))
@click.option("--once", is_flag=True, help="Stop when nothing is left to pull.")
def pull(platform: str, once: bool) -> None:
    """Pull from one platform alone, until stopped: Shopee's products, Tiki's and Sendo's orders."""
    from producers.marketplaces.pull import run_pull
    from producers.marketplaces.pulls import PULLS

    stop = _stop_on_signals()
    with _delivery() as delivery:
        sessions = [session for _platform, session in delivery.sessions.all(platform)]
        if not sessions:
            raise click.ClickException(f"no shop of {platform} is configured")
        pulled = 0
        for session in sessions:
            while not stop.is_set() and (found := PULLS[platform].once(delivery, session)):
                pulled += found
        click.echo(f"{platform}: {pulled} pulled")
        if not once:
            run_pull(lambda: sum(PULLS[platform].once(delivery, session) for session in sessions), platform, stop)


@marketplaces.command()
@click.argument("event_id", type=click.UUID)
def raw(event_id: object) -> None:
    """The payload that an event was made of, as it is kept: buyers removed, else byte for byte."""
    from infra.access.reading import note_reading
    from infra.object_store import open_lake
    from producers.marketplaces.raw_store import raw_key_of

    settings = load_settings(os.environ)
    lake = open_lake(settings.lake)
    key = raw_key_of(lake, str(event_id))
    if key is None:
        raise click.ClickException(f"{event_id}: no marketplace event of that id was delivered from here")
    # Buyers are removed by the names of fields, which a platform may change: who looks stands in the audit first.
    note_reading(settings.warehouse.owner_url, "marketplace.raw", {"key": key})
    click.echo(key, err=True)
    sys.stdout.buffer.write(lake.get(key))


@marketplaces.command()
def status() -> None:
    """How many pushes wait for delivery, since when, and how many were refused, by platform."""
    from infra.object_store import open_lake
    from producers.marketplaces.platforms import PLATFORMS
    from producers.marketplaces.raw_store import pending_of, refused_of

    lake = open_lake(load_settings(os.environ).lake)
    for platform in PLATFORMS:
        waiting = [pending.accepted_at for pending in pending_of(lake, platform)]
        since = f", the oldest since {min(waiting)}" if waiting else ""
        click.echo(f"{platform}: {len(waiting)} pending{since}, {sum(1 for _ in refused_of(lake, platform))} refused")


@marketplaces.command()
@click.argument("platform", required=False, type=_PLATFORM)
def refused(platform: str | None) -> None:
    """Pushes that could not become events, one JSON object a line, with the reason and the key of the payload."""
    from infra.object_store import open_lake
    from producers.marketplaces.platforms import PLATFORMS
    from producers.marketplaces.raw_store import refused_of

    lake = open_lake(load_settings(os.environ).lake)
    for name in [platform] if platform else PLATFORMS:
        for entry in refused_of(lake, name):
            click.echo(json.dumps(vars(entry), ensure_ascii=False))


@marketplaces.command()
@click.argument("platform", type=_PLATFORM)
def retry(platform: str) -> None:
    """Deliver what was refused of a platform once more, after what stood in the way was mended."""
    from infra.object_store import open_lake
    from producers.marketplaces.raw_store import retry_refused

    owed = retry_refused(open_lake(load_settings(os.environ).lake), platform, datetime.now(UTC))
    click.echo(f"{platform}: {owed} to be delivered again")


@marketplaces.command()
@click.option(
    "--day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Day in Vietnam on which orders were made."
)
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
def recount(day: datetime, as_json: bool) -> None:
    """Compare the platforms' orders of a day with the warehouse's.

    Exit status: 0 all agree, 3 orders are missing or differ, or a platform could not be asked.
    """
    from consumers.warehouse.connect import engine_for
    from producers.marketplaces.recount import recount as count

    settings = load_settings(os.environ)
    engine = engine_for(settings.warehouse.dashboard_url)
    try:
        with _sessions(settings) as sessions:
            found = count(sessions, engine, day.date())
    finally:
        engine.dispose()
    _tell(found, as_json)
    if found.differs:
        sys.exit(DIFFERS)


def _tell(found: Recount, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    for shop in found.shops:
        click.echo(
            f"{shop.source}: platform {shop.platform_orders} orders, {shop.platform_vnd} VND; "
            f"warehouse {shop.warehouse_orders} orders, {shop.warehouse_vnd} VND"
        )
        for order in shop.differences:
            ours = "missing" if order.warehouse_vnd is None else f"{order.warehouse_vnd} VND"
            click.echo(f"  {order.order_id}: platform {order.platform_vnd} VND, warehouse {ours}")
    for source, reason in found.failed.items():
        click.echo(f"{source}: {reason}")


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


@contextmanager
def _sessions(settings: Settings) -> Iterator[Sessions]:
    from producers.marketplaces.sessions import open_sessions
    from producers.marketplaces.shops import load_marketplaces, marketplaces_file

    sessions = open_sessions(load_marketplaces(marketplaces_file(os.environ, settings.home)), settings.home)
    with sessions.http:
        yield sessions


@contextmanager
def _delivery() -> Iterator[Delivery]:
    from infra.object_store import open_lake
    from producers.client import open_producer
    from producers.marketplaces.deliver import Delivery
    from schemas.catalog import catalog_folder, load_catalog

    settings = load_settings(os.environ)
    producer = open_producer(settings, load_catalog(catalog_folder(os.environ)))
    with producer, _sessions(settings) as sessions:
        yield Delivery(sessions, open_lake(settings.lake), producer.send)
