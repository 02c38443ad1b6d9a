"""The load's three steps, one load after another, without Airflow."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from sqlalchemy import Engine

from consumers.warehouse.check import check
from consumers.warehouse.publish import publish
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from schemas.contract import Contract


@dataclass
class StepSeconds:
    """Seconds spent in each step, and rows that reached core."""

    stage: float = 0.0
    check: float = 0.0
    publish: float = 0.0
    rows: int = 0
    loads: list[int] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return self.stage + self.check + self.publish


def load_until(engine: Engine, lake: LakeStore, contract: Contract, rows: int, limit_seconds: float) -> StepSeconds:
    """Load until so many rows are in core or the time is over; what is not in the lake yet is waited for."""
    spent = StepSeconds()
    deadline = time.monotonic() + limit_seconds
    while spent.rows < rows and time.monotonic() < deadline:
        start = time.perf_counter()
        load_id = stage(engine, lake, contract, run_id="bench")
        if load_id is None:
            time.sleep(0.05)
            continue
        staged = time.perf_counter()
        check(engine, lake, contract, load_id)
        checked = time.perf_counter()
        spent.rows += publish(engine, lake, contract, load_id).loaded
        spent.stage += staged - start
        spent.check += checked - staged
        spent.publish += time.perf_counter() - checked
        spent.loads.append(load_id)
    return spent
