"""`hagiang publish`: sends events written as JSON lines."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

import click

SOME_BAD = 3
DIFFERS = 3
ALL_BAD = 4
_LISTED = 50


@click.command()
@click.argument("event")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def publish(event: str, file: TextIO) -> None:
    """Send the EVENTs in FILE (one JSON object a line; `-` reads standard input).

    Lines that break the contract are listed with their number and the reason; the others are sent.
    Exit status: 0 all were sent, 3 some lines were bad and the others were sent, 4 no line was good, 1 nothing could
    be done (the message says why).
    """
    from infra.settings import load_writer_settings
    from producers.client import open_producer
    from producers.json_lines import Summary, publish_lines
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    catalog = load_catalog(catalog_folder(os.environ))
    contract = contract_named(catalog, event)
    with open_producer(load_writer_settings(os.environ), catalog) as producer, LineProgress(file) as advance:
        summary: Summary = publish_lines(producer, contract.event, file, advance)
    for line in summary.bad[:_LISTED]:
        click.echo(f"line {line.number}: {line.reason}", err=True)
    if len(summary.bad) > _LISTED:
        click.echo(f"... and {len(summary.bad) - _LISTED} more bad lines", err=True)
    click.echo(f"{contract.topic}: {summary.sent} sent, {len(summary.bad)} bad")
    if summary.bad:
        sys.exit(SOME_BAD if summary.sent else ALL_BAD)


class LineProgress:
    """A progress bar over a file's lines, drawn on standard error when that is a terminal."""

    def __init__(self, file: TextIO) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True)
        columns = (TextColumn("publishing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._task = self._progress.add_task("lines", total=_lines_of(file))

    def __enter__(self) -> LineProgress:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def __call__(self) -> None:
        """One more line was read."""
        self._progress.advance(self._task)


def _lines_of(file: TextIO) -> int | None:
    """How many lines there are, when the file can be read twice."""
    path = Path(getattr(file, "name", ""))
    if not path.is_file():
        return None
    with path.open("rb") as binary:
        return sum(block.count(b"\n") for block in iter(lambda: binary.read(1 << 20), b""))
