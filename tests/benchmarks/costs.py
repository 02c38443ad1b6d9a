"""What exactness costs a load: `python -m tests.benchmarks.costs`, on a stack of its own.

The same number of new events is loaded in turn as it is done, without what makes it exactly once, and with one bad row
in a hundred; several times, since the machine is not quick at all times alike. They are landed without Kafka.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import click
from sqlalchemy import BigInteger, Engine, literal, text

from consumers.warehouse import ledger as entries
from consumers.warehouse.balance import Balance, enter
from consumers.warehouse.check import check
from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.leftovers import drop_tables
from consumers.warehouse.publish import publish
from consumers.warehouse.rows import good_rows
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.core import LOAD_ID, event_tables
from consumers.warehouse.tables.staging import staging_tables
from infra.bench.events import Event, good_events
from infra.object_store import LakeStore
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.contract import Contract
from schemas.folders import contract_folders
from tests.benchmarks.own_warehouse import own_warehouse
from tests.landed_batches import Written, land

CONTRACT = load_catalog()["dossier_status_changed"]
PARTITIONS = 6
BATCH = 50_000

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
@click.option("--rows", default=300_000, show_default=True, help="Events of a load.")
@click.option("--rounds", default=5, show_default=True, help="How often each way loads.")
def main(rows: int, rounds: int) -> None:
    """Print rows a second of each round and the costs, in percent of the throughput without, as JSON."""
    if rows % BATCH:
        raise click.BadParameter(f"must be a multiple of {BATCH}", param_hint="--rows")
    with own_warehouse() as (engine, lake):
        click.echo(json.dumps(_figures(engine, lake, rows, rounds), indent=1))


def _figures(engine: Engine, lake: LakeStore, rows: int, rounds: int) -> dict[str, Any]:
    landed = 0
    speeds: dict[str, list[int]] = {way.name: [] for way in WAYS}
    for number in range(rounds):
        # Each way is first in turn: the table is a little larger for whoever comes later.
        for way in (*WAYS[number % len(WAYS) :], *WAYS[: number % len(WAYS)]):
            _land(lake, way, rows, landed)
            landed += rows
            speeds[way.name].append(round(rows / _load(engine, lake, rows, way.publish)))
    return {"rows": rows, "rows_per_s": speeds, **_costs(speeds)}


def _land(lake: LakeStore, way: Way, rows: int, landed: int) -> None:
    """As many events as that, in batches of all partitions in turn; `landed` were before them."""
    codec, examples = prepare(CONTRACT), contract_folders(os.environ).examples
    for start in range(0, rows, BATCH):
        chosen = good_events(CONTRACT, examples, BATCH, seed=landed + start)
        written = [
            Written(codec.encode(_spoiled(event, number, way)), CONTRACT.schema) for number, event in enumerate(chosen)
        ]
        turn, partition = divmod((landed + start) // BATCH, PARTITIONS)
        land(lake, CONTRACT, written, partition=partition, from_offset=turn * BATCH, kafka_time=_now())


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
    received_at = event["received_at"] or event["occurred_at"]
    return {**event, "received_at": received_at, "due_at": received_at - timedelta(days=1)}


def _load(engine: Engine, lake: LakeStore, rows: int, publish: Publish) -> float:
    """Seconds that loading took."""
    start, dealt_with = time.perf_counter(), 0
    while dealt_with < rows:
        load_id = stage(engine, lake, CONTRACT, run_id="bench")
        if load_id is None:
            raise RuntimeError(f"only {dealt_with} of {rows} records were to be loaded")
        check(engine, lake, CONTRACT, load_id)
        dealt_with += publish(engine, lake, CONTRACT, load_id)
    return time.perf_counter() - start


def _now() -> int:
    return int(time.time() * 1000)


if __name__ == "__main__":
    main()
