"""Load after load, as Airflow would run them: `python -m tests.chaos.loading`, which dies at some of its
boundaries.

A load that fails is given up, and the next one tried, as the DAG does.
"""

from __future__ import annotations

import logging
import os
import signal
import threading

from consumers.warehouse.check import check
from consumers.warehouse.connect import open_engine
from consumers.warehouse.plan import StageLimits
from consumers.warehouse.publish import publish
from consumers.warehouse.stage import stage
from consumers.warehouse.steps import OnStep
from infra.errors import OperatorError
from infra.object_store import open_lake
from tests.chaos.mutants import break_build
from tests.chaos.surroundings import Surroundings, boundaries, from_environment

log = logging.getLogger(__name__)
_PAUSE = 0.2


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    break_build()
    at = from_environment()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    on_step, limits = boundaries(), StageLimits(max_batches=int(os.environ["CHAOS_BATCHES"]))
    while not stop.is_set():
        try:
            loaded = _load(at, limits, on_step)
        except OperatorError as error:
            log.warning("a load is given up: %s", error, extra={"action": "load_given_up"})
            loaded = False
        if not loaded:
            stop.wait(_PAUSE)


def _load(at: Surroundings, limits: StageLimits, on_step: OnStep) -> bool:
    engine, lake = open_engine(at.settings.warehouse), open_lake(at.settings.lake)
    try:
        load_id = stage(engine, lake, at.contract, run_id="chaos", limits=limits, on_step=on_step)
        if load_id is None:
            return False
        check(engine, lake, at.contract, load_id, on_step=on_step)
        publish(engine, lake, at.contract, load_id, on_step=on_step)
        return True
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
