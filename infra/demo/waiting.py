"""Waits until what was published is loaded and the marts have been built from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, text

from infra.demo.sql import query
from infra.errors import OperatorError
from infra.kafka.offsets import Offsets

POLL_SECONDS = 0.5


class NotLoadedInTime(OperatorError):
    """The DAGs have not caught up: look at the runs in the Airflow UI, and at `hagiang status` and `hagiang logs`."""


class LoadStopped(OperatorError):
    """A load has stopped before it wrote: its run in the Airflow UI says which rule too many rows break."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, by which clock."""

    seconds: float = 600.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def wait_until_loaded(engine: Engine, ends: Offsets, patience: Patience, on_progress: Callable[[int], None]) -> None:
    """Until every partition's watermark has reached its end; raises NotLoadedInTime, LoadStopped.

    `on_progress` is told how many offsets are still to be loaded.
    """
    for _ in _polls(patience, f"offsets up to {dict(ends)}"):
        _raise_if_stopped(engine, {topic for topic, _ in ends})
        left = offsets_left(engine, ends)
        on_progress(left)
        if not left:
            return


def offsets_left(engine: Engine, ends: Offsets) -> int:
    """How many offsets lie between the warehouse's watermarks and `ends`."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT topic, partition, next_offset FROM ledger.watermark")).all()
    reached = {(row.topic, row.partition): row.next_offset for row in rows}
    return sum(max(0, end - reached.get(partition, 0)) for partition, end in ends.items())


def wait_until_built(engine: Engine, marts: Mapping[str, Collection[str]], patience: Patience) -> None:
    """Until every mart has been built from all published loads of each event it reads; raises NotLoadedInTime.

    `marts` gives the events that each mart reads. A mart that a load does not change is noted with it, too.
    """
    for _ in _polls(patience, f"marts {', '.join(marts)}"):
        with engine.connect() as connection:
            newest = {row.event: row.publications for row in connection.execute(text(query("publications")))}
            built = {row.mart: row.publications for row in connection.execute(text(query("mart_builds")))}
        wanted = [(mart, event) for mart, events in marts.items() for event in events]
        if all(built.get(mart, {}).get(event, 0) >= newest.get(event, 0) for mart, event in wanted):
            return


def _polls(patience: Patience, awaited: str) -> Iterator[None]:
    deadline = patience.clock() + patience.seconds
    while patience.clock() < deadline:
        yield
        patience.sleep(POLL_SECONDS)
    raise NotLoadedInTime(f"after {patience.seconds:.0f} s still waiting for {awaited}")


def _raise_if_stopped(engine: Engine, topics: set[str]) -> None:
    with engine.connect() as connection:
        stopped = connection.execute(text(query("stopped_loads"))).all()
    for load in stopped:
        if load.topic in topics:
            raise LoadStopped(f"load {load.load_id} of {load.event}: the breaker is open")
