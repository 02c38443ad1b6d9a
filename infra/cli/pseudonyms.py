"""`hagiang pseudonyms`: the keys behind the pseudonyms of persons and households."""

from __future__ import annotations

import getpass
import os
import sys
from typing import TYPE_CHECKING

import click

from infra.settings import load_settings

if TYPE_CHECKING:
    from infra.settings import Settings


@click.group()
def pseudonyms() -> None:
    """Keys of pseudonyms, one line of them for each purpose; no command shows a key."""


@pseudonyms.command("list")
def list_purposes() -> None:
    """Each purpose with the versions of its keys; the last one makes new pseudonyms."""
    from producers.pseudonyms import load_keys

    keys = load_keys(load_settings(os.environ).gateway.pseudonym_keys)
    for purpose, versions in sorted(keys.of_purpose.items()):
        click.echo(f"{purpose}: {', '.join(f'{version:02x}' for version in sorted(versions))}")


@pseudonyms.command()
@click.argument("purpose")
def rotate(purpose: str) -> None:
    """Give PURPOSE a new key: it makes all pseudonyms from now on, and running gateways take it up by themselves.

    The same number has another pseudonym before and after: figures that count or join by it see two. Rotate at the
    turn of a year, or when the key has leaked. Earlier keys stay, so that earlier pseudonyms can be found.
    """
    from producers.pseudonyms import rotate_key

    settings = load_settings(os.environ)
    version = rotate_key(settings.gateway.pseudonym_keys, purpose)
    _audit(settings, "rotate", purpose, {"version": version})
    click.echo(f"{purpose}: pseudonyms begin with {version:02x} from now on.")
    click.echo(f"Back up {settings.gateway.pseudonym_keys}.", err=True)


@pseudonyms.command()
@click.argument("purpose")
def find(purpose: str) -> None:
    """All pseudonyms that a number has had for PURPOSE, the newest first; the number is asked for, or read from a pipe.

    For a person who asks what is kept, or for joining figures across a rotation. Who asked stands in the audit, the
    number does not.
    """
    from producers.pseudonyms import PseudonymKeysMissing, load_keys

    settings = load_settings(os.environ)
    keys = load_keys(settings.gateway.pseudonym_keys)
    versions = sorted(keys.of_purpose.get(purpose, ()), reverse=True)
    if not versions:
        raise PseudonymKeysMissing(f"there is no purpose {purpose}, there are {', '.join(sorted(keys.of_purpose))}")
    number = click.prompt("Number", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    _audit(settings, "read", purpose, {"versions": len(versions)})
    for version in versions:
        click.echo(keys.pseudonym(purpose, number.strip(), version))


def _audit(settings: Settings, action: str, purpose: str, detail: dict[str, int]) -> None:
    from infra.access.audit import record
    from infra.access.connect import access_errors, open_access

    engine = open_access(settings.warehouse.owner_url)
    try:
        with access_errors(), engine.begin() as connection:
            record(connection, getpass.getuser(), action, f"pseudonyms of {purpose}", detail)
    finally:
        engine.dispose()
