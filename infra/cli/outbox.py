"""`hagiang outbox`: publishes what agencies' systems write into an outbox of their own database."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from contextlib import closing

import click

SOME_REFUSED = 3
_LISTED = 20
# Shorter than usual: the relay tries again by itself, and must end soon when it is told to.
_CONNECT_MS = 5_000
_url = click.option(
    "--url",
    envvar="HAGIANG_OUTBOX_URL",
    show_envvar=True,
    required=True,
    help="SQLAlchemy URL of the database; better given as HAGIANG_OUTBOX_URL, since others can read command lines.",
)


@click.group()
def outbox() -> None:
    """Publish rows that an agency's system writes into an outbox table in its own transactions."""


@outbox.command()
@click.option("--dialect", type=click.Choice(["postgresql", "mysql", "mssql", "oracle"]), required=True)
def ddl(dialect: str) -> None:
    """Print the statements that make the outbox (mysql: MariaDB too)."""
    from producers.outbox.ddl import ddl_for

    click.echo(ddl_for(dialect), nl=False)


@outbox.command()
@_url
@click.option("--once", is_flag=True, help="Publish what waits now, then end (status 3 when rows were refused).")
@click.option("--keep-days", type=click.FloatRange(min=0), default=7.0, show_default=True, help="0: delete at once.")
@click.option("--batch", type=click.IntRange(1, 50_000), default=2000, show_default=True, help="Rows at a time.")
def relay(url: str, once: bool, keep_days: float, batch: int) -> None:
    """Publish the outbox until stopped (SIGTERM or Ctrl-C).

    Rows keep their order; each is published at least once, under its event_id. A row that breaks its contract, or whose
    event or source the client's file does not grant (HAGIANG_EVENTS, HAGIANG_SOURCES), is set aside with the reason.
    Several may run side by side: one works, the others stand by.
    """
    from infra.access.own_rights import own_rights
    from infra.log_lines import log_as_lines
    from infra.settings import load_writer_settings
    from producers.client import open_producer
    from producers.outbox.database import open_outbox
    from producers.outbox.late_producer import LateProducer
    from producers.outbox.relay import Relay, RelayLimits
    from producers.presend_checks import refusing, rights_check
    from schemas.catalog import catalog_folder, load_catalog

    log_as_lines()
    stop = _stopped_by_signals()
    limits = RelayLimits(batch_rows=batch, keep_days=keep_days)
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}"
    settings, catalog = load_writer_settings(os.environ), load_catalog(catalog_folder(os.environ))
    check = rights_check(own_rights(os.environ))
    with closing(LateProducer(lambda: open_producer(settings, catalog, bootstrap_timeout_ms=_CONNECT_MS))) as producer:
        working = Relay(open_outbox(url), refusing(check, catalog, producer.send), holder, limits)
        if once:
            working.drain()
        else:
            working.run(stop)
    click.echo(f"{working.published} rows published, {working.refused} refused")
    if once and working.refused:
        sys.exit(SOME_REFUSED)


@outbox.command()
@_url
def status(url: str) -> None:
    """Count the rows that wait, are published and are refused; list the last ones that were refused."""
    from producers.outbox.database import open_outbox, outbox_errors
    from producers.outbox.rows import count_by_state, refused_rows

    with outbox_errors(), open_outbox(url).connect() as connection:
        counts, refused = count_by_state(connection), refused_rows(connection, _LISTED)
    click.echo(", ".join(f"{count} {state.name.lower()}" for state, count in counts.items()))
    for number, event, event_id, reason in refused:
        click.echo(f"row {number} ({event}, {event_id}): {reason}")


@outbox.command()
@_url
def retry(url: str) -> None:
    """Put refused rows back, after their payloads, the contracts or the rights were mended."""
    from producers.outbox.database import open_outbox, outbox_errors
    from producers.outbox.rows import retry_refused

    with outbox_errors(), open_outbox(url).begin() as connection:
        click.echo(f"{retry_refused(connection)} rows wait again")


def _stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
