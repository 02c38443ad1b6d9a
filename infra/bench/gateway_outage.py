"""A drill: Kafka is stopped under the gateway's load, and every 202 must be in core afterwards, once.

`HAGIANG_HOME=... python -m infra.bench.gateway_outage --key <API key>` beside a running stack. 64 clients post single
events at a steady rate before, while and after Kafka of that stack is stopped, by its own process manager. Ends with
status 0 only if all that was answered with 202 is in core.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import click
import orjson
import uvloop
from sqlalchemy import ARRAY, Engine, Uuid, any_, bindparam, column, func, select, table

from consumers.warehouse.connect import open_engine
from consumers.warehouse.tables import ledger
from infra.bench.events import good_events
from infra.bench.http_load import Load, open_loop, request_bytes
from infra.errors import OperatorError
from infra.local.home import Home
from infra.local.stack import load_stack
from infra.local.supervisor import Supervisor
from infra.settings import Settings, load_settings
from schemas.catalog import load_catalog
from schemas.contract import Contract
from schemas.folders import contract_folders

CLIENTS = 64
ACCEPTED = 202
STOP_SECONDS = 70.0
PHASES = ("before", "during", "after")


class EventsLost(OperatorError):
    """Events that the gateway had taken are not in core: look at its spool, the topic, and the quarantine."""


@dataclass(frozen=True)
class Drill:
    """Seconds of load before, while and after Kafka is stopped, and events a second."""

    before: float
    outage: float
    after: float
    rate: float
    patience: float = 600.0

    @property
    def events(self) -> int:
        """How many are posted."""
        return int((self.before + self.outage + self.after) * self.rate)


@dataclass
class Answers:
    """What each request was answered with, by its number: status, seconds, and the phase in which it was due."""

    found: dict[int, tuple[int, float, str]] = field(default_factory=dict)
    phase: str = PHASES[0]

    def add(self, number: int, status: int, seconds: float) -> None:
        """One answer."""
        self.found[number] = status, seconds, self.phase

    @property
    def taken(self) -> list[int]:
        """Numbers of the requests that were answered with 202."""
        return [number for number, (status, _, _) in self.found.items() if status == ACCEPTED]

    def told(self) -> dict[str, Any]:
        """Statuses and latencies of each phase."""
        return {phase: self._told([each for each in self.found.values() if each[2] == phase]) for phase in PHASES}

    def _told(self, answers: Sequence[tuple[int, float, str]]) -> dict[str, Any]:
        if not answers:
            return {"statuses": {}}
        load = Load(dict(Counter(status for status, _, _ in answers)), [seconds for _, seconds, _ in answers])
        quantiles = {name: round(load.quantile(share) * 1000) for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99))}
        return {"statuses": load.statuses, **quantiles}


def run_drill(settings: Settings, contract: Contract, key: str, events: Sequence[dict[str, Any]], drill: Drill) -> Any:
    """The figures; raises EventsLost."""
    supervisor = Supervisor(load_stack(Home(settings.home), os.environ))
    path, answers = f"/events/{contract.topic}", Answers()
    requests = [request_bytes(path, key, orjson.dumps(event)) for event in events]
    port = urlsplit(settings.gateway.url).port or 80
    engine = open_engine(settings.warehouse)
    try:
        duplicates = _duplicates(engine, contract)
        with _outage(supervisor, drill, answers) as stopped:
            uvloop.run(open_loop(port, requests, CLIENTS, drill.rate, answers.add))
        ended = time.monotonic()
        wanted = [events[number]["event_id"] for number in answers.taken]
        missing = _missing_after(engine, contract, wanted, drill.patience)
        figures = {
            "events_taken": len(wanted),
            "kafka_away_s": round(stopped["seconds"], 1),
            **answers.told(),
            "missing_in_core": missing,
            "all_in_core_after_s": round(time.monotonic() - ended, 1),
            "repeats_counted_as_duplicates": _duplicates(engine, contract) - duplicates,
        }
    finally:
        engine.dispose()
    if missing:
        raise EventsLost(json.dumps(figures))
    return figures


@contextmanager
def _outage(supervisor: Supervisor, drill: Drill, answers: Answers) -> Iterator[Mapping[str, float]]:
    """Kafka is stopped and started again beside the block; it runs when the block is left."""
    told: dict[str, float] = {}

    def work() -> None:
        time.sleep(drill.before)
        began, answers.phase = time.monotonic(), "during"
        supervisor.stop(["kafka"], STOP_SECONDS)
        time.sleep(max(0.0, drill.outage - (time.monotonic() - began)))
        supervisor.start("kafka")
        told["seconds"], answers.phase = time.monotonic() - began, "after"

    thread = threading.Thread(target=work, name="outage")
    thread.start()
    try:
        yield told
    finally:
        thread.join()


def _missing_after(engine: Engine, contract: Contract, wanted: Sequence[str], patience: float) -> int:
    """How many of the events are not in core when all are, or when the patience has ended."""
    return _until(lambda: len(wanted) - _in_core(engine, contract, wanted), patience)


def _until(missing: Callable[[], int], patience: float) -> int:
    deadline = time.monotonic() + patience
    while (left := missing()) and time.monotonic() < deadline:
        time.sleep(1.0)
    return left


def _in_core(engine: Engine, contract: Contract, wanted: Sequence[str]) -> int:
    core = table(contract.event, column("event_id", Uuid), schema="core")
    found = select(func.count()).select_from(core).where(core.c.event_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    with engine.connect() as connection:
        return int(connection.execute(found, {"ids": [UUID(each) for each in wanted]}).scalar_one())


def _duplicates(engine: Engine, contract: Contract) -> int:
    batch = ledger.batch.c
    query = select(func.coalesce(func.sum(batch.duplicate), 0)).where(batch.topic == contract.topic)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


@click.command()
@click.option("--key", required=True, envvar="HAGIANG_API_KEY", help="API key of a client that may write the event.")
@click.option("--event", default="dossier_status_changed", show_default=True)
@click.option("--outage", default=60.0, show_default=True, help="Seconds without Kafka.")
@click.option("--around", default=10.0, show_default=True, help="Seconds of load before and after.")
@click.option("--rate", default=200.0, show_default=True, help="Events a second, from 64 clients together.")
def main(key: str, event: str, outage: float, around: float, rate: float) -> None:
    """Print the figures as JSON."""
    folders, drill = contract_folders(os.environ), Drill(around, outage, around, rate)
    contract = load_catalog(folders.avro)[event]
    events = good_events(contract, folders.examples, drill.events, seed=int(time.time()))
    try:
        figures = run_drill(load_settings(os.environ), contract, key, events, drill)
    except EventsLost as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    click.echo(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
