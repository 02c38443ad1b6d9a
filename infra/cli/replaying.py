"""The work of `hagiang quarantine replay`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence

import click

from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import open_engine, warehouse_errors
from consumers.warehouse.replay import Desk, replay, replay_all
from consumers.warehouse.replay_choice import Choice, undecodable
from consumers.warehouse.replay_publish import ReplayResult
from infra.object_store import open_lake
from infra.settings import load_settings
from schemas.catalog import catalog_folder, contract_named, load_catalog
from schemas.registry import Registry


def replay_chosen(
    event: str, rules: Sequence[str] | None, ids: Sequence[int] | None, *, by: str, reason: str, rehearse: bool
) -> None:
    """Replay these open entries and say what became of them; raises UnknownEvent and what `replay` raises.

    A dry run looks at as many as one load takes.
    """
    settings, run_id = load_settings(os.environ), f"command of {by}"
    contract = contract_named(load_catalog(catalog_folder(os.environ)), event)
    choice = Choice(rules=rules, ids=ids)
    engine = open_engine(settings.warehouse)
    try:
        with Registry(settings.registry_url) as registry:
            desk = Desk(engine, open_lake(settings.lake), registry.schema_by_id, Closing(by, reason))
            if rehearse:
                results = [replay(desk, contract, choice, run_id, rehearse=True)]
            else:
                results = list(replay_all(desk, contract, choice, run_id))
        with warehouse_errors(), engine.connect() as connection:
            left = undecodable(connection, contract.event, choice)
    finally:
        engine.dispose()
    _say([result for result in results if result is not None], left)


def _say(results: Sequence[ReplayResult], left: int) -> None:
    if not results:
        click.echo("No open entry to replay. / Không có bản ghi nào để nạp lại.")
    for line in lines_of(results):
        click.echo(line)
    if left:
        click.echo(
            f"{left} could not be decoded when they were landed and cannot be replayed: mend the producer and publish "
            "them anew. / Không giải mã được nên không thể nạp lại; cần gửi lại."
        )
    if any(result.stale for result in results):
        click.echo("Somebody else replays these entries at the same time: run the command again for what is left.")


def lines_of(results: Iterable[ReplayResult]) -> Iterable[str]:
    """Counts over all replays, one line each."""
    rules: Counter[str] = Counter()
    for result in results:
        rules.update(result.open_by_rule)
        would = "would be " if result.rehearsed else ""
        if not result.stale:
            yield (
                f"load {result.load_id}: {result.consumed} replayed: {result.loaded} {would}loaded, "
                f"{result.duplicate} {would}closed as duplicates, {result.quarantined} still open"
            )
    yield from (f"  still open by {rule}: {count}" for rule, count in rules.most_common())
