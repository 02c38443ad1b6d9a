"""What exactness costs a load: `python -m infra.bench.costs`, on a stack of its own.

The same number of new events is loaded in turn as it is done, without what makes it exactly once, and with one bad row
in a hundred; several times, since the machine is not quick at all times alike.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import BigInteger, Engine, literal, text

from consumers.lake.batches import lake_end, partitions_of
from consumers.warehouse import ledger as entries
from consumers.warehouse.balance import Balance, enter
from consumers.warehouse.check import check
from consumers.warehouse.connect import open_engine
from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.leftovers import drop_tables
from consumers.warehouse.publish import publish
from consumers.warehouse.rows import good_rows
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.core import LOAD_ID, event_tables
from consumers.warehouse.tables.staging import staging_tables
from infra.bench.events import Event, good_events
from infra.bench.producing import produce
from infra.local.down import bring_down
from infra.local.up import bring_up
from infra.object_store import LakeStore, open_lake
from infra.settings import load_settings, read_env_file
from schemas.catalog import load_catalog
from schemas.contract import Contract
from schemas.folders import contract_folders

PARTS = ("postgres", "kafka", "store", "registry", "landing")
EVENT = "dossier_status_changed"
_LIMIT_SECONDS = 600
_FIRST_ROWS = 1000

Publish = Callable[[Engine, LakeStore, Contract, int], int]
"""Puts a checked load into core; how many of its records it has dealt with."""


@dataclass(frozen=True)
class Way:
    """A way to load; of `bad_in` rows one is bad, none when it is 0."""

    name: str
    publish: Publish
    bad_in: int = 0


def exactly_once(engine: Engine, lake: LakeStore, contract: Contract, load_id: int) -> int:
    """As the DAGs do it."""
    return publish(engine, lake, contract, load_id).consumed


def at_least_once(engine: Engine, _lake: LakeStore, contract: Contract, load_id: int) -> int:
    """Good rows are appended and the position moved; what was there already, or which rows were left, nobody asks."""
    staging, core = staging_tables(contract, load_id), event_tables(contract)
    with engine.begin() as connection:
        values = {**dict(staging.rows.c.items()), LOAD_ID: literal(load_id, BigInteger())}
        rows = good_rows(staging).with_only_columns(*(values[column.name] for column in core.rows.columns))
        connection.execute(text("set local work_mem = '128MB'"))
        connection.execute(core.rows.insert().from_select([each.name for each in core.rows.columns], rows))
        # The ledger's constraints refuse a position that moves without a range; this one is taken on trust.
        ranges = entries.ranges_of(connection, load_id)
        enter(connection, contract.topic, load_id, map(_believed, ranges))
    drop_tables(engine, [table.name for table in staging.metadata.sorted_tables])
    return sum(offsets.records for offsets in ranges)


def _believed(offsets: LoadRange) -> Balance:
    """All that was staged is said to be loaded."""
    number = offsets.records
    return Balance(offsets.partition, offsets.from_offset, offsets.next_offset, number, number, 0, 0, 0, 0)


WAYS = (
    Way("exactly_once", exactly_once),
    Way("at_least_once", at_least_once),
    Way("one_percent_bad", exactly_once, bad_in=100),
)


@click.command()
@click.option("--rows", default=150_000, show_default=True, help="Events of a load.")
@click.option("--rounds", default=5, show_default=True, help="How often each way loads.")
def main(rows: int, rounds: int) -> None:
    """Print rows a second of each round and the costs, in percent of the throughput without, as JSON."""
    with tempfile.TemporaryDirectory(prefix="hagiang-bench-") as folder:
        home = Path(folder) / "stack"
        try:
            bring_up(home, os.environ, only=PARTS, automatic_ports=True)
            click.echo(json.dumps(_figures(home, rows, rounds), indent=1))
        finally:
            bring_down(home, os.environ, purge=True)


def _figures(home: Path, rows: int, rounds: int) -> dict[str, Any]:
    environ = {**read_env_file(home / "stack.env"), "HAGIANG_HOME": str(home)}
    settings, catalog = load_settings(environ), load_catalog()
    contract = catalog[EVENT]
    engine, lake = open_engine(settings.warehouse), open_lake(settings.lake)
    events = good_events(contract, contract_folders(environ).examples, _FIRST_ROWS + rounds * len(WAYS) * rows, seed=1)
    produce(settings, catalog, EVENT, events[:_FIRST_ROWS])
    _load(engine, lake, contract, _FIRST_ROWS, exactly_once)
    speeds: dict[str, list[int]] = {way.name: [] for way in WAYS}
    taken = _FIRST_ROWS
    for number in range(rounds):
        # Each way is first in turn: the table is a little larger for whoever comes later.
        for way in (*WAYS[number % len(WAYS) :], *WAYS[: number % len(WAYS)]):
            chosen, taken = events[taken : taken + rows], taken + rows
            produce(settings, catalog, EVENT, [_spoiled(each, number, way) for number, each in enumerate(chosen)])
            speeds[way.name].append(round(rows / _load(engine, lake, contract, rows, way.publish)))
    engine.dispose()
    return {"rows": rows, "rows_per_s": speeds, **_costs(speeds)}


def _costs(speeds: Mapping[str, list[int]]) -> dict[str, float]:
    """In percent, by the medians."""
    middle = {name: statistics.median(found) for name, found in speeds.items()}
    return {
        "exactly_once_costs": _percent(middle["at_least_once"], middle["exactly_once"]),
        "one_percent_bad_costs": _percent(middle["exactly_once"], middle["one_percent_bad"]),
    }


def _percent(without: float, having: float) -> float:
    return round(100 * (1 - having / without), 1)


def _spoiled(event: Event, number: int, way: Way) -> Event:
    if not way.bad_in or number % way.bad_in:
        return event
    return {**event, "received_at": event["occurred_at"] + timedelta(days=1)}


def _load(engine: Engine, lake: LakeStore, contract: Contract, rows: int, publish: Publish) -> float:
    """Seconds that loading took, once all had landed."""
    _await_landed(engine, lake, contract, rows)
    start, dealt_with = time.perf_counter(), 0
    while dealt_with < rows:
        load_id = stage(engine, lake, contract, run_id="bench")
        if load_id is None:
            raise RuntimeError(f"only {dealt_with} of {rows} records were to be loaded")
        check(engine, lake, contract, load_id)
        dealt_with += publish(engine, lake, contract, load_id)
    return time.perf_counter() - start


def _await_landed(engine: Engine, lake: LakeStore, contract: Contract, rows: int) -> None:
    deadline = time.monotonic() + _LIMIT_SECONDS
    while _landed(engine, lake, contract) < rows:
        if time.monotonic() > deadline:
            raise TimeoutError("landing does not come to the end")
        time.sleep(0.2)


def _landed(engine: Engine, lake: LakeStore, contract: Contract) -> int:
    """How many offsets of the lake wait to be loaded."""
    partitions = partitions_of(lake, contract.topic)
    with engine.begin() as connection:
        marks = entries.watermarks_of(connection, contract.topic, partitions)
    return sum(lake_end(lake, contract.topic, each, marks[each]) - marks[each] for each in partitions)


if __name__ == "__main__":
    main()
