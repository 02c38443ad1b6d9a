"""How long an event takes from the producer's send to the committed row, through landing and Airflow."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import quantiles
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Engine, Uuid, column, select, table

from producers.client import EventProducer
from schemas.contract import Contract

Traffic = tuple[Contract, Sequence[dict[str, Any]]]
"""A contract and the events to send of it."""

POLL_SECONDS = 0.05
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Quantiles:
    """Seconds."""

    p50: float
    p95: float


def measure_freshness(
    engine: Engine,
    producer: EventProducer,
    traffic: Mapping[str, tuple[Contract, Sequence[dict[str, Any]]]],
    pause: float,
) -> Quantiles:
    """Sends the events of all contracts side by side, `pause` seconds between two of a contract, and watches core.

    A reader polls each table every 50 ms, which is part of the figure. Raises AssertionError when an event is missing
    after two minutes.
    """
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
    with ThreadPoolExecutor(len(traffic)) as pool:
        watching = [
            pool.submit(_watch, engine, contract, {str(event["event_id"]) for event in events}, seen)
            for contract, events in traffic.values()
        ]
        for events in zip(*(events for _, events in traffic.values()), strict=True):
            for contract, event in zip((contract for contract, _ in traffic.values()), events, strict=True):
                sent[str(event["event_id"])] = time.time()
                producer.send(contract.event, event)
            time.sleep(pause)
        for each in watching:
            each.result()
    missing = sent.keys() - seen.keys()
    assert not missing, f"{len(missing)} of {len(sent)} events are not in core"  # noqa: S101
    cuts = quantiles([seen[event_id] - at for event_id, at in sent.items()], n=100)
    return Quantiles(round(cuts[49], 2), round(cuts[94], 2))


def _watch(engine: Engine, contract: Contract, awaited: set[str], seen: dict[str, float]) -> None:
    core = table(contract.event, column("event_id", Uuid), column("load_id", BigInteger), schema="core")
    last_load = 0
    deadline = time.monotonic() + PATIENCE_SECONDS
    while awaited and time.monotonic() < deadline:
        with engine.connect() as connection:
            rows = connection.execute(select(core).where(core.c.load_id > last_load)).all()
        now = time.time()
        for event_id, load_id in rows:
            last_load = max(last_load, load_id)
            _note(str(UUID(str(event_id))), awaited, seen, now)
            deadline = time.monotonic() + PATIENCE_SECONDS
        time.sleep(POLL_SECONDS)


def _note(event_id: str, awaited: set[str], seen: dict[str, float], now: float) -> None:
    if event_id in awaited:
        awaited.discard(event_id)
        seen[event_id] = now
