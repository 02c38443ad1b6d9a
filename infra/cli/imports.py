"""`hagiang import-edxml`, `import-dossiers`, `import-programme`: publish files in the formats of other systems."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.cli.publish import ALL_BAD, SOME_BAD
from infra.settings import load_settings, load_writer_settings

if TYPE_CHECKING:
    from infra.settings import Writer
    from producers.item_publishing import Imported
    from producers.translated import Translated

_LISTED = 50
_KINDS = ("citizen", "business", "household_business")
_files = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
_synthetic = click.option("--synthetic", is_flag=True, help="Mark the events as made up or fitted.")


@click.command("import-edxml")
@_files
@_synthetic
def import_edxml(files: tuple[Path, ...], synthetic: bool) -> None:
    """Publish edXML messages (QCVN 102:2016): documents that were sent, and their statuses.

    Exit status as for `hagiang publish`: 0 all sent, 3 some were bad, 4 none was good, 1 nothing could be done.
    """
    from producers.edxml.messages import translate
    from producers.pseudonyms import load_keys

    settings = load_settings(os.environ)
    pseudonym = load_keys(settings.gateway.pseudonym_keys).pseudonym

    def translated(path: Path) -> Translated:
        return translate(path.read_bytes(), pseudonym, synthetic=synthetic)

    _publish(settings, ((str(path), partial(translated, path)) for path in files))


@click.command("import-dossiers")
@_files
@_synthetic
@click.option("--source", metavar="CODE", help="Agency whose system the records come from; else each dossier's own.")
@click.option("--commune", metavar="CODE", help="Commune of records without MaXa, for an agency of one commune.")
@click.option(
    "--applicant",
    "applicants",
    type=(str, click.Choice(_KINDS)),
    multiple=True,
    help="What a value of LoaiDoiTuong means in that system, as in `--applicant 1 citizen`; give all of them.",
)
def import_dossiers(
    files: tuple[Path, ...],
    synthetic: bool,
    source: str | None,
    commune: str | None,
    applicants: tuple[tuple[str, str], ...],
) -> None:
    """Publish records of the national portal's dossier synchronisation: JSON, one object or a list.

    Exit status as for `hagiang publish`.
    """
    from producers.dossier_sync.records import USUAL_APPLICANTS, SyncSource, translate

    given = SyncSource(source, commune, dict(applicants) or USUAL_APPLICANTS, synthetic)
    _publish(load_writer_settings(os.environ), _items_of(files, lambda item: translate(item, given)))


@click.command("import-programme")
@_files
@_synthetic
def import_programme(files: tuple[Path, ...], synthetic: bool) -> None:
    """Publish FPT's programme: JSON, a list of reports with their `event` (see producers/partners/README.md).

    Exit status as for `hagiang publish`.
    """
    from producers.partners.programme import translate

    _publish(load_writer_settings(os.environ), _items_of(files, lambda item: translate(item, synthetic=synthetic)))


def _items_of(
    files: tuple[Path, ...], translate: Callable[[object], Translated]
) -> Iterator[tuple[str, Callable[[], Translated]]]:
    from producers.json_documents import DocumentInvalid, items_in

    for path in files:
        try:
            items = items_in(path.read_bytes())
        except DocumentInvalid as error:
            yield str(path), partial(_raise, error)
            continue
        for number, item in enumerate(items, 1):
            yield f"{path} item {number}", partial(translate, item)


def _raise(error: Exception) -> Translated:
    raise error


def _publish(settings: Writer, items: Iterator[tuple[str, Callable[[], Translated]]]) -> None:
    from infra.access.own_rights import own_rights
    from producers.client import open_producer
    from producers.item_publishing import publish_items
    from producers.presend_checks import refusing, rights_check
    from schemas.catalog import catalog_folder, load_catalog

    catalog, check = load_catalog(catalog_folder(os.environ)), rights_check(own_rights(os.environ))
    with open_producer(settings, catalog) as producer:
        _tell(publish_items(refusing(check, catalog, producer.send), items))


def _tell(imported: Imported) -> None:
    for each in imported.bad[:_LISTED]:
        click.echo(f"{each.place}: {each.reason}", err=True)
    if len(imported.bad) > _LISTED:
        click.echo(f"... and {len(imported.bad) - _LISTED} more bad items", err=True)
    for event, count in imported.sent.items():
        click.echo(f"{event}: {count} sent")
    click.echo(f"{sum(imported.sent.values())} sent, {len(imported.bad)} bad")
    if imported.bad:
        sys.exit(SOME_BAD if imported.sent else ALL_BAD)
