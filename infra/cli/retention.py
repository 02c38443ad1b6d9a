"""`hagiang retention`: what is past its contract's term in topic, lake, quarantine and core."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from infra.cli.warehouse import open_warehouse
from infra.settings import Settings, load_settings

if TYPE_CHECKING:
    from consumers.warehouse.retention.run import Going
    from schemas.contract import Contract

FOR_GOOD = "for good / lâu dài"


@click.command()
@click.argument("events", nargs=-1)
@click.option("--apply", "apply_terms", is_flag=True, help="Remove it; without this nothing is changed.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def retention(events: tuple[str, ...], apply_terms: bool, as_json: bool) -> None:
    """Say by contract and store what of EVENTs (all when none is named) is past its term, and from which date.

    Terms stand in the contract: `retention_days` for the topic, which Kafka applies itself, and `keep` for lake,
    quarantine and core. With --apply what is told is removed, as the DAG apply_retention does it every night; it may be
    killed and repeated. Open entries of the quarantine are never removed.
    """
    from consumers.warehouse.marts.files import load_marts
    from consumers.warehouse.retention.run import going, remove
    from consumers.warehouse.retention.terms import refuse_mart_sources
    from infra.object_store import open_lake
    from schemas.catalog import catalog_folder, contract_named, load_catalog

    settings, catalog = load_settings(os.environ), load_catalog(catalog_folder(os.environ))
    contracts = [contract_named(catalog, event) for event in events or catalog]
    refuse_mart_sources(contracts, load_marts())
    lake, now, run_id = open_lake(settings.lake), datetime.now(UTC), f"command of {getpass.getuser()}"
    brokers = _broker_days(settings, contracts)
    with open_warehouse() as engine:
        for contract in contracts:
            found = remove(engine, lake, contract, now, run_id) if apply_terms else going(engine, lake, contract, now)
            days = brokers.get(contract.topic)
            if as_json:
                click.echo(json.dumps(_as_json(contract, found, days), default=str))
            else:
                click.echo("\n".join(lines_of(contract, found, days, removed=apply_terms)))


def lines_of(
    contract: Contract, found: Sequence[Going], broker_days: float | None, *, removed: bool = False
) -> Iterator[str]:
    """What people read: the contract's terms, then a line for each store that something goes from."""
    keep = contract.keep
    terms = {"lake": keep.lake_days, "quarantine": keep.quarantine_days, "core": keep.core_days}
    told = ", ".join(f"{store} {_days(days)}" for store, days in {"topic": contract.retention_days, **terms}.items())
    yield f"{contract.event}: {told}"
    if broker_days is not None and broker_days != contract.retention_days:
        yield f"  topic: the broker keeps {broker_days:g} days; `hagiang up` sets what the contract says"
    verb = "removed / đã xóa" if removed else "to be removed / sẽ xóa"
    for each in found:
        for store, what in _stores(each):
            yield f"  {store}, partition {each.partition}: {what}: {verb}"
        if each.waits_for_seal:
            yield f"  lake, partition {each.partition}: what is not sealed yet waits: `hagiang seal`"


def _stores(each: Going) -> Iterator[tuple[str, str]]:
    lake, rows, terms = each.lake, each.rows, each.terms
    if lake.batches:
        what = f"{lake.batches} batches, {lake.records} records, {lake.bytes} bytes, up to offset {lake.next_offset}"
        yield "lake", f"before {_day(terms.lake)}, {what}"
    if rows.quarantined or rows.rejected or rows.emptied:
        what = f"{rows.quarantined + rows.rejected} closed entries, and the content of {rows.emptied} that are in core"
        yield "quarantine", f"before {_day(terms.quarantine)}, {what}"
    if rows.loaded:
        yield "core", f"before {_day(terms.core)}, {rows.loaded} rows with their lists"


def _broker_days(settings: Settings, contracts: Sequence[Contract]) -> Mapping[str, float]:
    from consumers.landing.connect import asking_kafka
    from infra.kafka.admin import open_admin
    from infra.kafka.topics import kept_days

    with closing(asking_kafka(lambda: open_admin(settings.kafka))) as admin:
        return asking_kafka(lambda: kept_days(admin, contracts))


def _as_json(contract: Contract, found: Sequence[Going], broker_days: float | None) -> dict[str, Any]:
    return {
        "event": contract.event,
        "topic": contract.topic,
        "topic_days": contract.retention_days,
        "broker_days": broker_days,
        **asdict(contract.keep),
        "partitions": [asdict(each) for each in found],
    }


def _days(days: int | None) -> str:
    return FOR_GOOD if days is None else f"{days} days"


def _day(before: datetime | None) -> str:
    return f"{before:%Y-%m-%d %H:%M} UTC" if before else ""
