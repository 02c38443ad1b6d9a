"""`hagiang rebuild`: a core table made anew from the lake and compared with what is there."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from infra.cli.publish import DIFFERS
from infra.settings import load_settings

if TYPE_CHECKING:
    from consumers.warehouse.rebuild.differences import Difference
    from consumers.warehouse.rebuild.rebuild import Rebuild

_PIPE_WIDTH = 160
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("event")
@click.option("--from", "first", type=_DAY, help="Only what was loaded on that day (in Vietnam) or later.")
@click.option("--to", "last", type=_DAY, help="Only what was loaded on that day or before.")
@click.option("--swap", "swap_in", is_flag=True, help="Put what was rebuilt in place of the records that differ.")
@click.option("--json", "as_json", is_flag=True, help="What was found as JSON.")
def rebuild(event: str, first: datetime | None, last: datetime | None, swap_in: bool, as_json: bool) -> None:
    """Rebuild EVENT's core table, its lists and its quarantine from the lake, and compare them with what is there.

    Loads and readers go on meanwhile. With --swap all that differs is made what the lake says, in one transaction; the
    marts follow by themselves, or at once by `hagiang marts build`. Exit status: 0 both are equal, or what differed was
    swapped in; 3 they differ; 1 nothing could be done (the message says why).
    """
    from consumers.warehouse.connect import open_engine, warehouse_errors
    from consumers.warehouse.rebuild.rebuild import rebuild as rebuild_event
    from consumers.warehouse.rebuild.span import loads_of_days
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    settings = load_settings(os.environ)
    contract = contract_named(load_catalog(catalog_folder(os.environ)), event)
    engine = open_engine(settings.warehouse)
    try:
        with warehouse_errors(), engine.connect() as connection:
            loads = loads_of_days(connection, contract.event, first and first.date(), last and last.date())
        found = None
        if loads is not None:
            run_id = f"command of {getpass.getuser()}"
            found = rebuild_event(engine, open_lake(settings.lake), contract, loads, run_id, swap_in=swap_in)
    finally:
        engine.dispose()
    if found is None:
        click.echo("Nothing was loaded then. / Không có lần nạp nào trong khoảng đó.")
        return
    _tell(found, as_json=as_json)
    if found.differs:
        sys.exit(DIFFERS)


def _tell(found: Rebuild, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    console = Console(highlight=False) if sys.stdout.isatty() else Console(width=_PIPE_WIDTH, highlight=False)
    console.print(_totals(found))
    if found.found.differences:
        console.print(_differences(found))
    for line in lines_of(found):
        console.print(line)


def _totals(found: Rebuild) -> Table:
    table = Table("table", "rows there", "rows rebuilt", "hash there", "hash rebuilt", "")
    for name, (live, rebuilt) in found.found.totals().items():
        says = "equal" if live == rebuilt else "[bold]different[/bold]"
        table.add_row(name, str(live.rows), str(rebuilt.rows), live.hash[:16], rebuilt.hash[:16], says)
    return table


def _differences(found: Rebuild) -> Table:
    table = Table("table", "records", "number", "columns", "the first, as partition/offset", show_lines=True)
    for each in found.found.differences:
        columns = ", ".join(f"{name} ({count})" for name, count in each.columns.items())
        table.add_row(each.table, each.kind, str(each.records), columns, "\n".join(_places(each)))
    return table


def _places(difference: Difference) -> Iterator[str]:
    for place in difference.places[:5]:
        where = "of no event in core" if place.partition is None else f"{place.partition}/{place.offset}"
        yield where if place.event_id is None else f"{where}  {place.event_id}"


def lines_of(found: Rebuild) -> Iterator[str]:
    """What was gone over, what today's rules say otherwise, and the result."""
    for rule, count in found.found.rejected_today.items():
        yield f"{count} rows in core would break {rule} today: they were let in by the rules of their time and stay"
    for rule, count in found.found.accepted_today.items():
        yield (
            f"{count} entries in quarantine for {rule} would pass today: "
            f"hagiang quarantine replay --event {found.event} --rule {rule}"
        )
    yield (
        f"Rebuild {found.rebuild_id} of {found.event}: {found.records} records of loads {found.span.first} to "
        f"{found.span.last} (ledger.load.publication): {_STATES[found.state].format(rows=found.swapped_rows)}"
    )


_STATES = {
    "equal": "equal / trùng khớp",
    "different": "DIFFERENT / KHÁC BIỆT; --swap makes it what the lake says",
    "swapped": "swapped in, {rows} rows put into core / đã thay thế",
}
