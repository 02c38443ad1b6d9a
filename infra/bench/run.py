"""All measurements on a stack of their own, from produce to freshness."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine

from consumers.warehouse.connect import open_engine
from infra.bench.events import good_events
from infra.bench.freshness import Quantiles, measure_freshness
from infra.bench.landing import LIMIT_SECONDS, landing_at_start_line, seconds_taken
from infra.bench.loading import load_until
from infra.bench.producing import produce
from infra.local.up import bring_up
from infra.object_store import LakeStore, open_lake
from infra.settings import Settings, load_settings, read_env_file
from producers.client import open_producer
from schemas.contract import Contract

SERVERS = ("postgres", "kafka", "store", "registry")
WARM_UP = 300
FRESH_EVENTS = 120
FRESH_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class Bench:
    """What is measured, and where."""

    home: Path
    examples: Path
    catalog: Mapping[str, Contract]
    contract: Contract
    rows: int
    note: Callable[[str], None]

    @property
    def environ(self) -> dict[str, str]:
        """The stack's own variables, whatever the surroundings say."""
        return {**read_env_file(self.home / "stack.env"), "HAGIANG_HOME": str(self.home)}


def run_bench(bench: Bench, with_freshness: bool) -> dict[str, Any]:
    """Figures by name, rates in records or rows a second; the stack is left running."""
    bench.note("starting Kafka, store, registry and PostgreSQL")
    bring_up(bench.home, os.environ, only=SERVERS, automatic_ports=True)
    settings = load_settings(bench.environ)
    engine, lake = open_engine(settings.warehouse), open_lake(settings.lake)
    try:
        figures = {"event": bench.contract.event, "rows": bench.rows, **_machine()}
        figures |= _stages(bench, settings, engine, lake)
        figures |= _pipeline(bench, settings, engine, lake)
        if with_freshness:
            figures |= _freshness(bench, settings, engine)
        return figures
    finally:
        engine.dispose()


def _machine() -> dict[str, Any]:
    memory = round(psutil.virtual_memory().total / 2**30)
    return {"cpus": os.cpu_count(), "memory_gib": memory, "python": platform.python_version()}


def _stages(bench: Bench, settings: Settings, engine: Engine, lake: LakeStore) -> dict[str, float]:
    """Each stage alone, on the same events."""
    bench.note(f"measuring produce, landing and load with {bench.rows:,} events")
    warm, events = _events(bench, seed=1)
    _produce(settings, bench, warm)
    with landing_at_start_line(bench.environ, bench.contract.event, WARM_UP, bench.rows) as line:
        line.ready.wait(LIMIT_SECONDS)
        load_until(engine, lake, bench.contract, WARM_UP, LIMIT_SECONDS)
        produce = _produce(settings, bench, events)
        line.go.set()
        landing = seconds_taken(line)
    load = load_until(engine, lake, bench.contract, bench.rows, LIMIT_SECONDS)
    return {
        "produce_records_per_s": _rate(bench.rows, produce),
        "landing_records_per_s": _rate(bench.rows, landing),
        "load_rows_per_s": _rate(load.rows, load.total),
        "stage_s": round(load.stage, 2),
        "check_s": round(load.check, 2),
        "publish_s": round(load.publish, 2),
    }


def _pipeline(bench: Bench, settings: Settings, engine: Engine, lake: LakeStore) -> dict[str, float]:
    """Landing and loading side by side, from Kafka to committed rows."""
    bench.note("measuring landing and load side by side")
    warm, events = _events(bench, seed=2)
    _produce(settings, bench, warm)
    with landing_at_start_line(bench.environ, bench.contract.event, WARM_UP, bench.rows) as line:
        line.ready.wait(LIMIT_SECONDS)
        load_until(engine, lake, bench.contract, WARM_UP, LIMIT_SECONDS)
        _produce(settings, bench, events)
        start = time.perf_counter()
        line.go.set()
        load = load_until(engine, lake, bench.contract, bench.rows, LIMIT_SECONDS)
        seconds = time.perf_counter() - start
    return {"pipeline_rows_per_s": _rate(load.rows, seconds)}


def _freshness(bench: Bench, settings: Settings, engine: Engine) -> dict[str, float]:
    bench.note("starting Airflow and landing, then measuring freshness")
    bring_up(bench.home, os.environ)
    one = _fresh(bench, settings, engine, [bench.contract], seed=3)
    every = _fresh(bench, settings, engine, list(bench.catalog.values()), seed=4)
    return {
        "freshness_p50_s": one.p50,
        "freshness_p95_s": one.p95,
        "freshness_all_contracts_p50_s": every.p50,
        "freshness_all_contracts_p95_s": every.p95,
        "contracts": len(bench.catalog),
    }


def _fresh(bench: Bench, settings: Settings, engine: Engine, contracts: Sequence[Contract], seed: int) -> Quantiles:
    traffic = {each.event: (each, good_events(each, bench.examples, FRESH_EVENTS, seed)) for each in contracts}
    with open_producer(settings, bench.catalog) as producer:
        return measure_freshness(engine, producer, traffic, FRESH_PAUSE_SECONDS)


def _events(bench: Bench, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    events = good_events(bench.contract, bench.examples, WARM_UP + bench.rows, seed)
    return events[:WARM_UP], events[WARM_UP:]


def _produce(settings: Settings, bench: Bench, events: Sequence[dict[str, Any]]) -> float:
    return produce(settings, bench.catalog, bench.contract.event, events)


def _rate(number: int, seconds: float) -> int:
    return round(number / seconds)
