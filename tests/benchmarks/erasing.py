"""One person erased from among millions of events: `python -m tests.benchmarks.erasing`, on a stack of its own.

The events are landed without Kafka, loaded, and some are quarantined; the person's are spread over all of them.
Afterwards core, quarantine and lake are looked through for him, then everything is rebuilt from the lake and looked
through again.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
from sqlalchemy import Engine

from consumers.warehouse.erasure.run import run
from infra.bench.loading import load_until
from infra.object_store import LakeStore
from schemas.codec import prepare
from schemas.example_files import load_examples
from tests.benchmarks.own_warehouse import own_warehouse
from tests.benchmarks.timed import timed
from tests.component.warehouse.erasures import GONE, SELLER, approved, objects_naming, tables_naming
from tests.component.warehouse.loads import CATALOG
from tests.component.warehouse.rebuilds import kinds, rebuilt
from tests.landed_batches import Written, land
from tests.samples import event_id

_BATCH = 10_000
_LIMIT_SECONDS = 3600


@click.command()
@click.option("--events", default=5_000_000, show_default=True)
@click.option("--own", default=50, show_default=True, help="Events of the person who is erased.")
def main(events: int, own: int) -> None:
    """Print seconds and findings as JSON; ends with 1 when anything of the person is found afterwards."""
    with own_warehouse() as (engine, lake):
        figures = _measured(engine, lake, events, own)
    click.echo(json.dumps(figures, indent=1))
    sys.exit(bool(figures["found_after_erasure"] or figures["found_after_rebuild"] or figures["differences"]))


def _measured(engine: Engine, lake: LakeStore, events: int, own: int) -> dict[str, Any]:
    for number, batch in enumerate(_batches(events, own)):
        land(lake, SELLER, batch, from_offset=number * _BATCH)
    loading = load_until(engine, lake, SELLER, events, _LIMIT_SECONDS)
    before = len(objects_naming(lake, GONE))
    request = approved(engine)
    seconds, done = timed(lambda: run(engine, lake, CATALOG, request, lambda: datetime.now(UTC)))
    found = _found(engine, lake)
    rebuilding, outcome = timed(lambda: rebuilt(engine, lake, SELLER, swap_in=True))
    return {
        "events": loading.rows,
        "load_rows_per_s": round(loading.rows / loading.total),
        "objects_with_the_person": before,
        "erase_s": seconds,
        "report": done.report["events"][SELLER.event] if done.report else None,
        "found_after_erasure": found,
        "rebuild_s": rebuilding,
        "differences": kinds(outcome),
        "found_after_rebuild": _found(engine, lake),
    }


def _batches(events: int, own: int) -> Iterator[list[Written]]:
    """Households of which each has one shop, but for the one that has opened many."""
    codec, spread = prepare(SELLER), max(1, events // own)
    # On the day on which `land` says that Kafka had them.
    times = {"occurred_at": "2021-06-21T08:00:00+07:00", "opened_on": "2021-06-01"}
    (model,) = [each.payload for each in load_examples()[SELLER.event] if each.name == "household"]

    def written(number: int) -> Written:
        pseudonym = GONE if number % spread == spread // 2 else f"01{number:062x}"
        event = {**model, **times, "event_id": event_id(number), "seller_pseudonym": pseudonym}
        return Written(codec.encode(event), SELLER.schema)

    for start in range(0, events, _BATCH):
        yield [written(number) for number in range(start, min(events, start + _BATCH))]


def _found(engine: Engine, lake: LakeStore) -> list[str]:
    return tables_naming(engine, GONE) + objects_naming(lake, GONE)


if __name__ == "__main__":
    main()
