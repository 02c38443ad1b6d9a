"""The work of `hagiang quarantine repair` and `discard`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import open_engine
from consumers.warehouse.desk_text import dry_run_text
from consumers.warehouse.marts.build import now
from consumers.warehouse.rehearsal import Rehearsal, rehearse
from consumers.warehouse.repair import ask, carry_out, decide
from consumers.warehouse.replay import Desk
from consumers.warehouse.replay_choice import Choice
from infra.object_store import open_lake
from infra.settings import load_settings
from schemas.catalog import catalog_folder, contract_named, load_catalog
from schemas.registry import Registry


def repair_chosen(
    action: str,
    event: str,
    rules: Sequence[str] | None,
    ids: Sequence[int] | None,
    *,
    closing: Closing,
    approved_by: str | None,
) -> None:
    """Say what would become of these open entries and, when somebody has approved it, do it.

    Raises UnknownEvent, NothingToRepair, SecondPersonNeeded, ReasonNeeded, and what the repair raises.
    """
    catalog = load_catalog(catalog_folder(os.environ))
    contract = contract_named(catalog, event)
    run_id = f"command of {closing.by}"
    with _desk(closing) as desk:
        found = rehearse(desk, contract, Choice(rules=rules, ids=ids), run_id, catalog, now)
        _show(found, action, event, closing)
        if approved_by is None:
            return
        repair_id = ask(desk.engine, event, action, found, closing, run_id)
        decide(desk.engine, repair_id, approved_by, "by command", approved=True)
        counts = carry_out(desk, contract, repair_id, run_id)
    told = ", ".join(f"{count} {became}" for became, count in counts.items())
    click.echo(f"\nRepair {repair_id}, approved by {approved_by}: {told}")


def _show(found: Rehearsal, action: str, event: str, closing: Closing) -> None:
    about = {"title": event, "action": action, "asked_by": closing.by, "reason": closing.reason or "–"}
    click.echo(dry_run_text(about, found.as_json()))


@contextmanager
def _desk(closing: Closing) -> Iterator[Desk]:
    settings = load_settings(os.environ)
    engine = open_engine(settings.warehouse)
    try:
        with Registry(settings.registry_url) as registry:
            yield Desk(engine, open_lake(settings.lake), registry.schema_by_id, closing)
    finally:
        engine.dispose()
