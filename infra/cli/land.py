"""`hagiang land`: runs landing in the foreground."""

from __future__ import annotations

import os
import signal
import threading

import click


@click.command()
@click.option("--accept-lost", is_flag=True, help="Give up records that Kafka deleted before they landed, and go on.")
@click.option("--group", default="landing", show_default=True, help="Kafka consumer group; must begin with `landing`.")
def land(accept_lost: bool, group: str) -> None:
    """Land the topics of all contracts into the lake until stopped (SIGTERM or Ctrl-C).

    Several may run side by side: they share the partitions. What was read when it is stopped is still written.
    """
    from consumers.landing.limits import LandingLimits
    from consumers.landing.run import run_landing
    from infra.log_lines import log_as_lines
    from infra.settings import load_settings
    from schemas.catalog import catalog_folder, load_catalog

    log_as_lines()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    progress = run_landing(
        load_settings(os.environ),
        lambda: load_catalog(catalog_folder(os.environ)),
        stop,
        limits=LandingLimits(group_id=group),
        accept_lost=accept_lost,
    )
    click.echo(f"{progress.records} records landed in {progress.batches} batches, {progress.rejected} of them rejects")
