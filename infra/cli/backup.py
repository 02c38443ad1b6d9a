"""`hagiang backup` and `hagiang restore`: warehouse and lake in a folder, and back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.cli.warehouse import open_warehouse
from infra.errors import OperatorError
from infra.settings import Settings, load_settings

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
# Parts that write to lake, warehouse or the registry's database.
_WRITERS = ("landing", "airflow-scheduler", "registry")


if TYPE_CHECKING:
    from sqlalchemy import URL


class StillWriting(OperatorError):
    """Parts of this stack write to lake and warehouse: `hagiang down`, then `hagiang up --only` what is named."""


@click.group()
def backup() -> None:
    """Backups of warehouse and lake in a folder: make one, list them, remove old ones."""


@backup.command("make")
@_FOLDER
def make(folder: Path) -> None:
    """Add a backup to FOLDER while everything runs on; of the lake only what is new is copied.

    The registry's database is in it too. FOLDER then holds personal data as the warehouse does: guard it alike, and
    keep it elsewhere than this machine.
    Kafka, the keys of pseudonyms and of seals, and credentials.json are not in it.
    """
    from infra.backup.make import make_backup
    from infra.local.postgres_place import programs
    from infra.object_store import open_lake

    with open_warehouse() as engine:
        made = make_backup(programs(), engine, open_lake(_settings().lake), folder, _now(), _registry())
    lake = _of_lake(made.objects, made.object_bytes)
    click.echo(f"Backup {made.name}: {made.dump_bytes} bytes of warehouse, {lake}, {made.copied_objects} objects new.")


@backup.command("list")
@_FOLDER
def list_(folder: Path) -> None:
    """The backups in FOLDER, the oldest first."""
    from infra.backup.books import backups_in

    for each in backups_in(folder):
        lake = _of_lake(each.objects, each.object_bytes)
        click.echo(f"{each.name}  warehouse {each.dump_bytes} bytes, {lake}, {len(each.erasures)} erasures known")


@backup.command("prune")
@_FOLDER
@click.option("--keep", default=7, show_default=True, type=click.IntRange(1), help="How many of the newest stay.")
@click.option("--apply", is_flag=True, help="Remove them; without it only what would go is said.")
def prune(folder: Path, keep: int, apply: bool) -> None:
    """Remove old backups from FOLDER, and contents that no other needs: they still hold persons erased since."""
    from infra.backup.prune import prune as prune_folder

    if not folder.is_dir():
        raise click.UsageError(f"{folder} is no folder")
    found = prune_folder(folder, keep, apply=apply)
    for name in (*found.backups, *(f"{each} (never finished)" for each in found.unfinished)):
        click.echo(name)
    done = "removed" if apply else "would go; say --apply to remove them"
    backups = len(found.backups) + len(found.unfinished)
    click.echo(f"{backups} backups and {found.contents} contents of {found.bytes} bytes {done}.")


@click.command()
@_FOLDER
@click.option("--backup", "name", help="Its name, as `hagiang backup list` shows it; else the newest.")
@click.option("--replace", is_flag=True, help="Although the warehouse holds more than the backup.")
def restore(folder: Path, name: str | None, replace: bool) -> None:
    """Make warehouse and lake what a backup in FOLDER knows; then `hagiang up` goes on from there.

    What has landed since, or is still in Kafka, is loaded again, once. Erasures since the backup are carried out again.
    """
    from infra.backup.restore import restore_backup
    from infra.local.postgres_place import programs
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, load_catalog

    settings = _settings()
    _refuse_while_written(settings)
    catalog = load_catalog(catalog_folder(os.environ))
    with open_warehouse() as engine:
        found = restore_backup(
            programs(),
            engine,
            open_lake(settings.lake),
            catalog,
            folder,
            _now,
            name=name,
            replace=replace,
            others=_registry(),
        )
    click.echo(
        f"Restored {found.name}: {found.objects_put} objects put into the lake, {len(found.watermarks)} partitions"
    )
    click.echo(f"loaded up to where they were, {len(found.erased_again)} erasures carried out again.")
    click.echo("Now `hagiang up`, and `hagiang reconcile` when it has caught up.")


def _refuse_while_written(settings: Settings) -> None:
    from infra.local.status import stack_status

    writing = [part.name for part in stack_status(settings.home, os.environ) if part.ready and part.name in _WRITERS]
    if writing:
        raise StillWriting(f"{', '.join(writing)} run; needed are postgres,kafka,store")


def _registry() -> Mapping[str, URL]:
    """The database of this stack's registry: its numbers stand in every record that Kafka still has."""
    from infra.local.home import Home
    from infra.local.registry import database_url
    from infra.local.stack import load_stack

    home = Home(_settings().home)
    return {"registry": database_url(load_stack(home, os.environ))} if home.ports.exists() else {}


def _settings() -> Settings:
    return load_settings(os.environ)


def _now() -> datetime:
    return datetime.now(UTC)


def _of_lake(objects: int, size: int) -> str:
    return f"{objects} objects and {size} bytes of lake"
