"""`hagiang publish`: sends events written as JSON."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from infra.errors import OperatorError

if TYPE_CHECKING:
    from producers.json_publishing import Send, Summary
    from schemas.contract import Contract

SOME_BAD = 3
DIFFERS = 3
ALL_BAD = 4
_LISTED = 50


class NoEvents(OperatorError):
    """There is nothing to send: give a file with one JSON object a line, or one JSON object or list of them."""


@click.command()
@click.argument("event")
@click.argument("file", type=click.File("rb"))
def publish(event: str, file: IO[bytes]) -> None:
    """Send the EVENTs in FILE: one JSON object a line, or one JSON document, an object or a list of them.

    `-` reads standard input. Events that break the contract, that the warehouse's own rules would refuse, or that the
    client's file does not grant (HAGIANG_EVENTS, HAGIANG_SOURCES) are listed with their line or item and the reason;
    the others are sent. Exit status: 0 all were sent, 3 some were bad and the others were sent, 4 none was good,
    1 nothing could be done, as when there is no event at all (the message says why).
    """
    from infra.access.own_rights import own_rights
    from infra.cli.presend import check_before_sending
    from infra.settings import load_writer_settings
    from producers.client import open_producer
    from producers.presend_checks import refusing, require_granted
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    catalog = load_catalog(catalog_folder(os.environ))
    contract = contract_named(catalog, event)
    require_granted(own_rights(os.environ), contract.event)
    check = check_before_sending(os.environ, catalog)
    with open_producer(load_writer_settings(os.environ), catalog) as producer:
        summary = _publish(refusing(check, catalog, producer.send), contract, file)
    if not summary.sent and not summary.bad:
        raise NoEvents(f"{getattr(file, 'name', 'the input')} has 0 events")
    click.echo(f"{contract.topic}: {summary.sent} sent, {summary.bad} bad")
    if summary.bad:
        sys.exit(SOME_BAD if summary.sent else ALL_BAD)


def _publish(send: Send, contract: Contract, file: IO[bytes]) -> Summary:
    """Sends them; the first bad ones are listed on standard error."""
    from producers.json_events import events_in
    from producers.json_publishing import publish_events

    listed: list[str] = []

    def note(place: str, reason: str) -> None:
        if len(listed) < _LISTED:
            listed.append(f"{place}: {reason}")

    with LineProgress(file) as advance:
        summary = publish_events(send, contract.event, events_in(file, advance), note)
    for line in listed:
        click.echo(line, err=True)
    if summary.bad > len(listed):
        click.echo(f"... and {summary.bad - len(listed)} more bad events", err=True)
    return summary


class LineProgress:
    """A progress bar over a file's lines, drawn on standard error when that is a terminal."""

    def __init__(self, file: IO[bytes]) -> None:
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


def _lines_of(file: IO[bytes]) -> int | None:
    """How many lines there are, when the file can be read twice."""
    path = Path(str(getattr(file, "name", "")))
    if not path.is_file():
        return None
    with path.open("rb") as binary:
        return sum(block.count(b"\n") for block in iter(lambda: binary.read(1 << 20), b""))
