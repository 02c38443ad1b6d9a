"""`hagiang access`: who may write what."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infra.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from infra.access.administer import Office
    from infra.access.credentials import ClientCredentials

_EVENTS = click.option("--event", "events", multiple=True, help="Event it may write; may be given several times.")
_SOURCES = click.option(
    "--source", "sources", multiple=True, help="Source it may speak for, as H22.05 or shopee:*; several times."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_OUTPUT = click.option(
    "--output", type=click.Path(path_type=Path), help="Write the credentials to a new file that you alone may read."
)


@click.group()
def access() -> None:
    """Clients: systems outside the platform that may write events, over HTTP or straight to Kafka."""


@access.command("grant")
@click.argument("name")
@click.option("--organisation", help="Who answers for it; needed for a new client.")
@click.option("--kind", type=click.Choice(["agency", "fpt", "marketplace"]), help="Needed for a new client.")
@_EVENTS
@_SOURCES
@_JSON
@_OUTPUT
def grant_rights(
    name: str,
    organisation: str | None,
    kind: str | None,
    events: tuple[str, ...],
    sources: tuple[str, ...],
    as_json: bool,
    output: Path | None,
) -> None:
    """Let client NAME write events of these types for these sources.

    A new client is given an API key, a Kafka user and a signing key, shown this once. One that may write already keeps
    its keys, and what is named is added to what it may; the lines of its file that tell its rights are printed.
    """
    from infra.access.administer import grant
    from infra.access.wishes import Wish

    _require_new(output)
    with _office() as office:
        if output:
            _require_no_keys_yet(office, name, output)
        made = grant(office, Wish(name, organisation, kind, events, sources))
        if made:
            _hand_over(office, made, as_json, output)
        else:
            click.echo(f"{name} may write this now; its keys stay as they are.", err=True)
            _tell_rights(office, name, as_json)


@access.command("revoke")
@click.argument("name")
@_EVENTS
@_SOURCES
def revoke_rights(name: str, events: tuple[str, ...], sources: tuple[str, ...]) -> None:
    """Take these events and sources from client NAME, or everything when none is named.

    It holds within a second, for open connections too. What the client has written before stays valid.
    """
    from infra.access.administer import revoke

    with _office() as office:
        changed = revoke(office, name, events, sources)
        if not changed:
            click.echo(f"{name} had none of that: `hagiang access list` shows what it has.")
            return
        click.echo(f"{name} has lost {'these rights' if events or sources else 'all rights'}.")
        if events or sources:
            _tell_rights(office, name, as_json=False)


@access.command("rotate")
@click.argument("name")
@click.option("--overlap-hours", type=click.FloatRange(min=0), default=24.0, show_default=True)
@_JSON
@_OUTPUT
def rotate_keys(name: str, overlap_hours: float, as_json: bool, output: Path | None) -> None:
    """Give client NAME new keys, shown this once.

    Its old API key and signing key go on for the overlap (0 when they have leaked). The old Kafka password ends now;
    connections that are open stay.
    """
    from infra.access.administer import rotate

    _require_new(output)
    with _office() as office:
        _hand_over(office, rotate(office, name, timedelta(hours=overlap_hours)), as_json, output)


@access.command("list")
@_JSON
def list_clients(as_json: bool) -> None:
    """Clients, what they may, and the last changes."""
    from infra.access.audit_trail import last_entries
    from infra.access.listing import clients_listed
    from infra.cli.access_tables import changes_table, clients_table, print_tables

    with _database() as connection:
        clients, changes = clients_listed(connection), last_entries(connection, 10)
    if as_json:
        click.echo(json.dumps([vars(client) for client in clients], ensure_ascii=False, default=str, indent=1))
    else:
        print_tables(clients_table(clients), changes_table(changes))


@access.command("audit")
@click.option("--subject", help="Only what was done to this client or thing.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--verify", is_flag=True, help="Prove that no entry was changed, taken out or added between others.")
@_JSON
def show_audit(subject: str | None, limit: int, verify: bool, as_json: bool) -> None:
    """What was granted, revoked, refused and read. With --verify, exit status 1 when somebody has tampered with it."""
    from infra.access.audit_trail import breaks_of, end_of, last_entries
    from infra.cli.access_tables import changes_table, print_tables

    with _database() as connection:
        if verify:
            _report(breaks_of(connection), end_of(connection))
            return
        entries = last_entries(connection, limit, subject)
    if as_json:
        for entry in entries:
            click.echo(json.dumps(vars(entry), ensure_ascii=False, default=str))
    else:
        print_tables(changes_table(entries))


def _report(breaks: list[Any], end: tuple[int, str]) -> None:
    for one in breaks:
        click.echo(f"entry {one.entry_id}: {one.what}", err=True)
    if breaks:
        click.get_current_context().exit(1)
    click.echo(f"The audit is whole. It ends with entry {end[0]}, hash {end[1]}: note it elsewhere.")


def _require_new(output: Path | None) -> None:
    """Seen to before there are keys, which would be lost if they could not be written."""
    if output is None:
        return
    if output.exists():
        raise click.UsageError(f"{output} is there already, and may hold keys: name another file, or take it away")
    if not os.access(output.parent, os.W_OK | os.X_OK):
        raise click.UsageError(f"{output} cannot be written: name a file in a folder that is there and yours")


def _require_no_keys_yet(office: Office, name: str, output: Path) -> None:
    from infra.access.administer import has_keys

    if has_keys(office, name):
        raise click.UsageError(
            f"nothing was granted: {name} may write already and keeps its keys, so that there is nothing to write into "
            f"{output}. Grant without --output; new keys are made by `hagiang access rotate {name} --output {output}`"
        )


def _tell_rights(office: Office, name: str, as_json: bool) -> None:
    """The lines of the client's file that tell its rights; on stderr what to do with them."""
    from infra.access.administer import rights_now
    from infra.access.credentials import as_env
    from infra.access.credentials import as_json as json_text
    from infra.access.own_rights import rights_as_variables

    client = rights_now(office, name)
    if client:
        click.echo("Its developer puts these lines into the client's file, in place of the ones there:", err=True)
        variables = rights_as_variables(client)
        click.echo(json_text(variables) if as_json else as_env(variables), nl=False)


def _hand_over(office: Office, made: ClientCredentials, as_json: bool, output: Path | None) -> None:
    from infra.access.credentials import as_env
    from infra.access.credentials import as_json as json_text
    from infra.local.private_file import write_private

    variables: Mapping[str, str] = made.variables(office.settings)
    text = json_text(variables) if as_json else as_env(variables)
    if output is None:
        click.echo(text, nl=False)
        click.echo("These are shown this once; nobody can show them again.", err=True)
        return
    write_private(output, text)
    click.echo(f"The credentials are in {output}; nobody can show them again.", err=as_json)


@contextmanager
def _database() -> Iterator[Connection]:
    from infra.access.connect import access_errors, open_access

    engine = open_access(load_settings(os.environ).warehouse.owner_url)
    try:
        with access_errors(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def _office() -> Iterator[Office]:
    from infra.access.administer import Office
    from infra.access.connect import access_errors, open_access
    from infra.kafka.admin import open_admin
    from schemas.catalog import catalog_folder, load_catalog

    settings = load_settings(os.environ)
    engine = open_access(settings.warehouse.owner_url)
    catalog = load_catalog(catalog_folder(os.environ))
    try:
        with access_errors():
            yield Office(engine, settings, catalog, lambda: open_admin(settings.kafka), getpass.getuser())
    finally:
        engine.dispose()
