"""`hagiang quarantine`: what was not loaded, and why."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from infra.cli.warehouse import open_warehouse

if TYPE_CHECKING:
    from consumers.warehouse.quarantined import Entry

_EVENT = click.option("--event", help="Only this event type, as in `dossier_status_changed`.")
# A pipe has no width of its own; this fits a reason without wrapping it.
_PIPE_WIDTH = 200


@click.group()
def quarantine() -> None:
    """Records that were not loaded, and why."""


@quarantine.command("list")
@_EVENT
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the whole content.")
@click.option(
    "--status",
    type=click.Choice(["open", "replayed", "discarded"]),
    default="open",
    show_default=True,
    help="Of these.",
)
def list_entries(event: str | None, limit: int, as_json: bool, status: str) -> None:
    """Entries, the newest first."""
    from consumers.warehouse.quarantined import newest_entries
    from infra.access.reading import note_reading

    with open_warehouse() as engine:
        entries = newest_entries(engine, event=event, limit=limit, status=status)
        # What is shown may hold personal data that a producer did not hide: who looks at it stands in the audit first.
        note_reading(engine, "quarantine.event", {"event": event, "entries": len(entries)})
    if as_json:
        for entry in entries:
            click.echo(json.dumps(vars(entry), ensure_ascii=False, default=str))
        return
    table = _table("event, partition/offset, since (UTC)", "id", "rule", "reason", "content")
    for entry in entries:
        position = f"{entry.kafka_partition}/{entry.kafka_offset}"
        table.add_row(
            f"{entry.event}\n{position}\n[dim]{entry.quarantined_at:%Y-%m-%d %H:%M:%S}[/dim]",
            str(entry.id),
            f"{entry.rule}{_closed(entry)}",
            f"{entry.reason_vi}\n[dim]{entry.reason_en}[/dim]",
            _short(entry),
        )
    _print(table, entries)


@quarantine.command("causes")
@_EVENT
def list_causes(event: str | None) -> None:
    """Rules with open entries, the most frequent first."""
    from consumers.warehouse.quarantined import open_causes
    from infra.access.reading import note_reading

    with open_warehouse() as engine:
        causes = open_causes(engine, event=event)
        # An example of a reason quotes the value that broke the rule, where the contract does not class it as personal.
        note_reading(engine, "quarantine.causes", {"event": event, "causes": len(causes)})
    table = _table(
        "event", "found in", "rule", "field", "waits for", "records", "example", "first, last (UTC)", "as in"
    )
    for cause in causes:
        example = f"{cause.example_vi}\n[dim]{cause.example_en}[/dim]"
        times = f"{cause.first_at:%Y-%m-%d %H:%M:%S}\n{cause.last_at:%Y-%m-%d %H:%M:%S}"
        waits_for, samples = ", ".join(cause.missing_references), "\n".join(map(str, cause.sample_ids))
        found_in = f"{cause.origin}\n[dim]{cause.cause_class}[/dim]"
        about = (cause.rule, cause.field or "", waits_for, str(cause.records), example)
        table.add_row(cause.event, found_in, *about, times, samples)
    _print(table, causes)


@quarantine.command("replay")
@click.option("--event", required=True, help="The event type, as in `dossier_status_changed`.")
@click.option("--rule", "rules", multiple=True, help="Only entries that broke this rule; may be given again.")
@click.option(
    "--id", "ids", type=int, multiple=True, help="Only this entry, as `list` numbers them; may be given again."
)
@click.option("--dry-run", is_flag=True, help="Count what would become of them, and write nothing.")
@click.option("--by", default=getpass.getuser, show_default="you", help="Who closes them, for the record.")
@click.option("--reason", default="replayed by command", show_default=True, help="Why, for the record.")
def replay_entries(
    event: str, rules: tuple[str, ...], ids: tuple[int, ...], dry_run: bool, by: str, reason: str
) -> None:
    """Load open entries anew, with the rules and reference lists of today.

    What passes is in core and its entry closed; what fails stays open with its reasons of today. Doing it again doubles
    nothing.
    """
    from infra.cli.replaying import replay_chosen

    replay_chosen(event, rules or None, ids or None, by=by, reason=reason, rehearse=dry_run)


def _repair_options(command: Callable[..., None]) -> Callable[..., None]:
    """What repair and discard have in common."""
    options = (
        click.option("--event", required=True, help="The event type, as in `dossier_status_changed`."),
        click.option("--rule", "rules", multiple=True, help="Only entries that broke this rule; may be given again."),
        click.option("--id", "ids", type=int, multiple=True, help="Only this entry; may be given again."),
        click.option("--dry-run", is_flag=True, help="Say what would become of them, and write nothing."),
        click.option("--by", default=getpass.getuser, show_default="you", help="Who asks for it, for the record."),
        click.option("--reason", default="", help="Why, for the record; needed unless it is a dry run."),
        click.option("--approved-by", default="", help="Who else has approved it; needed unless it is a dry run."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@quarantine.command("repair")
@_repair_options
def repair_entries(**given: Any) -> None:
    """Load open entries after all, once a second person has approved.

    Shows what would load, what fails again, which marts and figures change; then does it, unless --dry-run is given.
    """
    _repair("replay", **given)


@quarantine.command("discard")
@_repair_options
def discard_entries(**given: Any) -> None:
    """Close open entries that will never load, once a second person has approved."""
    _repair("discard", **given)


def _repair(
    action: str,
    event: str,
    rules: tuple[str, ...],
    ids: tuple[int, ...],
    dry_run: bool,
    by: str,
    reason: str,
    approved_by: str,
) -> None:
    from consumers.warehouse.closing import Closing
    from infra.cli.repairing import repair_chosen

    if not dry_run and not (reason and approved_by):
        raise click.UsageError("a repair needs --reason and --approved-by; --dry-run only looks")
    closing = Closing(by, reason)
    approver = None if dry_run else approved_by
    repair_chosen(action, event, rules or None, ids or None, closing=closing, approved_by=approver)


def _closed(entry: Entry) -> str:
    """What became of an entry that is no longer open."""
    if entry.closed_at is None:
        return ""
    became = entry.outcome or entry.status
    return f"\n[dim]{became} {entry.closed_at:%Y-%m-%d %H:%M:%S} by {entry.closed_by}: {entry.close_reason}[/dim]"


def _short(entry: Entry, length: int = 160) -> str:
    """The beginning of the event's own fields, those first that tell which thing it is about."""
    if entry.payload is None:
        return "[dim]not decodable[/dim]"
    own = [name for name, value in entry.payload.items() if value is not None and name not in _ENVELOPE]
    own.sort(key=lambda name: not name.endswith(("_code", "_id")))
    text = json.dumps({name: entry.payload[name] for name in own}, ensure_ascii=False)
    return text if len(text) <= length else f"{text[: length - 1]}…"


_ENVELOPE = ("event_id", "occurred_at", "source", "synthetic")


def _table(*columns: str) -> Table:
    table = Table(show_lines=True)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(table: Table, rows: Sequence[object]) -> None:
    console = Console() if sys.stdout.isatty() else Console(width=_PIPE_WIDTH)
    if not rows:
        console.print("Nothing is in quarantine. / Không có bản ghi nào bị cách ly.")
        return
    console.print(table)
