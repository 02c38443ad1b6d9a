"""`hagiang seal`, `hagiang receipt`, `hagiang verify`: proof that a record was received, and where."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from infra.cli.publish import DIFFERS
from infra.settings import Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from consumers.warehouse.sealing.places import Place
    from consumers.warehouse.sealing.receipt import Receipt

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option(
    "--verify", "only_verify", is_flag=True, help="Seal nothing; prove the signatures and chains of all seals."
)
def seal(only_verify: bool) -> None:
    """Seal every published batch that has no seal yet, so that receipts can be given for its records.

    It may be repeated and killed at any time. With --verify, exit status 3 when a seal does not hold.
    """
    with _warehouse() as (settings, engine):
        if only_verify:
            _verify_seals(settings, engine)
        else:
            _seal(settings, engine)


def _seal(settings: Settings, engine: Engine) -> None:
    from consumers.warehouse.sealing.sealing import seal_published
    from consumers.warehouse.sealing.surroundings import sealer_of
    from infra.object_store import open_lake

    done = seal_published(engine, open_lake(settings.lake), sealer_of(settings.seal_key))
    click.echo(f"Sealed: {done.batches} batches, {done.records} records. / Đã niêm phong.")


def _verify_seals(settings: Settings, engine: Engine) -> None:
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.sealing.books import all_seals
    from consumers.warehouse.sealing.keys import load_private_key
    from consumers.warehouse.sealing.seal import breaks_of

    key = load_private_key(settings.seal_key).public_key()
    with warehouse_errors(), engine.connect() as connection:
        seals = list(all_seals(connection))
    _end(list(breaks_of(seals, key)), f"All {len(seals)} seals hold. / Tất cả niêm phong đều hợp lệ.")


@click.command()
@click.argument("event_id", type=click.UUID, required=False)
@click.option("--position", metavar="TOPIC/PARTITION/OFFSET", help="The record at that position, in place of EVENT_ID.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there; else it is printed.")
@click.option("--public-key", is_flag=True, help="Print the key by which receipts are verified.")
def receipt(event_id: UUID | None, position: str | None, output: Path | None, public_key: bool) -> None:
    """Give a receipt for the event EVENT_ID: proof that the platform received it, in the words it came in.

    Whoever has it verifies it with `hagiang verify` or by consumers/warehouse/RECEIPTS.md, without the platform.
    """
    wanted = event_id or (_place(position) if position else None)
    if (wanted is None) != public_key or (event_id and position):
        raise click.UsageError("give one of EVENT_ID, --position, --public-key")
    text = _receipt(wanted).to_json() if wanted else _public_key()
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _public_key() -> str:
    from consumers.warehouse.sealing.keys import load_private_key, public_pem

    return public_pem(load_private_key(load_settings(os.environ).seal_key).public_key())


def _place(position: str) -> Place:
    from consumers.warehouse.sealing.places import Place

    topic, *numbers = position.split("/")
    if len(numbers) != 2 or not all(number.isdecimal() for number in numbers):
        raise click.UsageError("--position is TOPIC/PARTITION/OFFSET, as in government.dossier_status_changed/0/17")
    return Place(topic, int(numbers[0]), int(numbers[1]))


def _receipt(wanted: UUID | Place) -> Receipt:
    from consumers.warehouse.connect import warehouse_errors
    from consumers.warehouse.marts.files import load_marts
    from consumers.warehouse.sealing.books import seal_over
    from consumers.warehouse.sealing.issue import receipt_of
    from consumers.warehouse.sealing.places import place_of
    from consumers.warehouse.sealing.told import told_of
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    catalog = load_catalog(catalog_folder(os.environ))
    with _warehouse() as (settings, engine), warehouse_errors(), engine.connect() as connection:
        place = place_of(connection, catalog.values(), wanted) if isinstance(wanted, UUID) else wanted
        contract = contract_named(catalog, place.topic)
        found = receipt_of(
            open_lake(settings.lake), seal_over(connection, place.topic, place.partition, place.offset), place
        )
        told = told_of(connection, found.leaf, contract, load_marts(), datetime.now(UTC))
    return replace(found, told=told)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", "key_file", type=_FILE, required=True, help="The platform's public key.")
@click.option("--datum", "datum_file", type=_FILE, help="The record's bytes, to be compared as well.")
def verify(file: Path, key_file: Path, datum_file: Path | None) -> None:
    """Verify the receipt in FILE, offline. Exit status: 0 it holds; 3 it does not, and the lines say what."""
    from consumers.warehouse.sealing.keys import load_public_key
    from consumers.warehouse.sealing.receipt import Receipt
    from consumers.warehouse.sealing.verify import failures_of

    found = Receipt.from_json(file.read_text(encoding="utf-8"))
    datum = datum_file.read_bytes() if datum_file else None
    leaf, statement = found.leaf, found.seal.statement
    _end(
        list(failures_of(found, load_public_key(key_file), datum)),
        f"The receipt holds: event {leaf.event_id or 'without id'} was received as {leaf.topic}, partition "
        f"{leaf.partition}, offset {leaf.offset}, and sealed at {statement.sealed_at}. / Biên nhận hợp lệ.",
    )


def _end(failures: list[str], success: str) -> None:
    for failure in failures:
        click.echo(failure, err=True)
    if failures:
        click.echo("It does not hold. / Không hợp lệ.", err=True)
        sys.exit(DIFFERS)
    click.echo(success)


@contextmanager
def _warehouse() -> Iterator[tuple[Settings, Engine]]:
    from consumers.warehouse.connect import open_engine

    settings = load_settings(os.environ)
    engine = open_engine(settings.warehouse)
    try:
        yield settings, engine
    finally:
        engine.dispose()
