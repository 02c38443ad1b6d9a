"""`hagiang import`: publishes the rows of a CSV file or an Excel workbook."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.cli.publish import ALL_BAD, SOME_BAD

if TYPE_CHECKING:
    from producers.files.importing import Import, OnProgress
    from producers.files.tally import Tally

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("file", type=_FILE)
@click.option("--mapping", required=True, metavar="NAME|FILE.toml", help="Which column is which field.")
@click.option("--dry-run", is_flag=True, help="Judge every row and send none.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write all bad rows to .csv or .xlsx.")
@click.option("--all-or-nothing", is_flag=True, help="Send nothing unless every row is good (reads the file twice).")
def import_file(file: Path, mapping: str, dry_run: bool, report: Path | None, all_or_nothing: bool) -> None:
    """Publish the rows of FILE (CSV or .xlsx) as events, by a mapping of its columns.

    A row counts once, however often it is imported. Bad rows are listed with row, column, rule and how to mend them,
    the others are sent. Bad are those that break the contract, that the warehouse's own rules would refuse, or that the
    client's file does not grant (HAGIANG_EVENTS, HAGIANG_SOURCES). Exit status: 0 all were good, 3 some rows were bad
    and the others were sent, 4 none was sent since no row was good (or, with --all-or-nothing, since one was bad),
    1 nothing could be done, as with a file of 0 rows (the message says why). With --dry-run the same, without anything
    being sent.
    """
    from infra.cli.presend import check_before_sending
    from producers.files.importing import check_file, prepare_import
    from producers.files.mapping import find_mapping, mappings_folder
    from producers.files.report import open_report
    from producers.files.tally import Tally
    from schemas.catalog import catalog_folder, load_catalog

    _require_apart(report, file)
    catalog = load_catalog(catalog_folder(os.environ))
    presend = check_before_sending(os.environ, catalog)
    work = prepare_import(file, find_mapping(mapping, mappings_folder(os.environ)), catalog, presend)
    with open_report(report) as on_problem:
        tally = Tally(on_problem)
        if dry_run or all_or_nothing:
            with show_progress("checking") as on_progress:
                check_file(work, tally, on_progress)
        sent = not (dry_run or (all_or_nothing and tally.bad_events))
        if sent:
            tally = Tally(on_problem)
            _send(work, tally)
    if not tally.rows:
        _refuse_empty(file.name)
    _tell(work, tally, "sent" if sent else "good, none sent")
    if tally.bad_events:
        sys.exit(SOME_BAD if tally.events and (sent or dry_run) else ALL_BAD)


def _require_apart(report: Path | None, file: Path) -> None:
    """The report is written while the file is read: it must be another file, and one that can be written."""
    if report is None:
        return
    if report.suffix.lower() not in (".csv", ".xlsx"):
        raise click.UsageError(f"--report {report} must end in .csv or .xlsx")
    if report.exists() and report.samefile(file):
        raise click.UsageError(f"--report {report} is the file itself, which it would overwrite: name another one")
    if not os.access(report if report.exists() else report.parent, os.W_OK):
        raise click.UsageError(f"--report {report} cannot be written: name a file in a folder that is there and yours")


def _send(work: Import, tally: Tally) -> None:
    from infra.settings import load_writer_settings
    from producers.client import open_producer
    from producers.files.importing import send_file

    catalog = {work.contract.event: work.contract}
    with open_producer(load_writer_settings(os.environ), catalog) as producer, show_progress("sending") as on_progress:
        send_file(work, producer.send, tally, on_progress)


def _refuse_empty(name: str) -> None:
    from producers.files.refusal import FileRefused

    raise FileRefused(
        f"{name}: has a header and 0 rows below it", f"{name}: có dòng tiêu đề nhưng không có dòng dữ liệu"
    )


def _tell(work: Import, tally: Tally, done: str) -> None:
    """Findings on stderr; the last line, on stdout, is the count."""
    click.echo(f"{work.path.name}: {tally.described}, mapping {work.mapping.name}", err=True)
    if tally.header is not None and tally.header.unused:
        click.echo(f"  unused columns / cột không dùng: {', '.join(tally.header.unused)}", err=True)
    for problem in tally.examples:
        place = f"row {problem.row}" + (f", column {problem.column}" if problem.column else "")
        click.echo(f"  {place}: [{problem.rule}] {problem.message} / {problem.message_vi}", err=True)
    if tally.by_rule.total() > len(tally.examples):
        click.echo("  by column and rule / theo cột và quy tắc:", err=True)
        for (column, rule), count in tally.by_rule.most_common():
            click.echo(f"    {count:8}  {column or '-'}  [{rule}]", err=True)
    click.echo(f"{work.contract.topic}: {tally.rows} rows, {tally.events} events {done}, {tally.bad_rows} rows bad")


@contextmanager
def show_progress(doing: str) -> Iterator[OnProgress]:
    """A bar on standard error when that is a terminal: rows so far, and the share of the file where it is known."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    rows = TextColumn("{task.fields[rows]:>9} rows")
    columns = (TextColumn(doing), BarColumn(), TaskProgressColumn(), rows, TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task(doing, total=None, rows=0)

        def advance(count: int, share: float | None) -> None:
            progress.update(task, rows=count, total=None if share is None else 1.0, completed=share or 0)

        yield advance
