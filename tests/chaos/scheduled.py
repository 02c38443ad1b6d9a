"""Runs whose loads are Airflow's, on a whole stack: `python -m tests.chaos.scheduled --seeds N`.

The run's contract stands beside the platform's own, landing wakes the DAG, and the process manager keeps everything
alive, as in the province. Faults hit the servers, landing, Airflow's parts, and the tasks while they run.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from signal import SIGCONT, SIGSTOP
from tempfile import TemporaryDirectory
from uuid import uuid4

import click
import psutil

from consumers.warehouse.connect import engine_for
from infra.local.down import bring_down
from infra.local.up import bring_up
from tests.acceptance.platform import copy_contracts
from tests.chaos.checker.verdict import found_wrong, homes
from tests.chaos.counted import write_contract
from tests.chaos.drive import Plan, Report, do_harm, evidence_of, looked_after, still_to_load
from tests.chaos.faults import Fault, Scene, kill_server, pause_server, processes_of, signal_all
from tests.chaos.ground import Ground, registered
from tests.chaos.kept import Kept
from tests.local_stack import settings_of

SCHEDULER = "airflow-scheduler"
_AIRFLOW = (SCHEDULER, "airflow-dag-processor", "airflow-triggerer", "airflow-api-server")
_SERVERS = ("kafka", "postgres", "store", "registry", "landing", *_AIRFLOW)
# A run of the DAG that has failed is followed by the next one by the clock, a quarter of an hour later at the latest.
_PATIENCE = 1500.0
_FROZEN_SECONDS = 5, 45


def kill_task(scene: Scene, rng: Random) -> None:
    """`kill -9` of a process in which a task runs, or of the one that watches it."""
    if tasks := _tasks(scene):
        rng.choice(tasks).kill()


def freeze_task(scene: Scene, rng: Random) -> None:
    """A task stands still, perhaps until Airflow has given it up and its successor works, and then goes on."""
    if tasks := _tasks(scene):
        frozen = [rng.choice(tasks)]
        signal_all(frozen, SIGSTOP)
        time.sleep(rng.uniform(*_FROZEN_SECONDS))
        signal_all(frozen, SIGCONT)


def _tasks(scene: Scene) -> list[psutil.Process]:
    """What the scheduler's workers have started."""
    found = []
    for process in processes_of(scene.servers, SCHEDULER):
        try:
            if process.children():
                found += [each for worker in process.children() for each in worker.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return list({each.pid: each for each in found}.values())


FAULTS: Mapping[str, Fault] = {
    **{f"{name} killed": kill_server(name) for name in _SERVERS},
    **{f"{name} paused": pause_server(name) for name in _SERVERS},
    "task killed": kill_task,
    "task a zombie": freeze_task,
}
# Tasks twice as often as anything else, since one runs for a short part of the time.
DRAWN = tuple(name for name in FAULTS for _ in range(2 if name.startswith("task") else 1))


def run_seed(folder: Path, seed: int, plan: Plan) -> Report:
    """On a stack of its own; raises nothing for a build that loses or doubles: the report tells."""
    folder.mkdir(parents=True)
    with _stack(folder, seed, plan.records) as ground:
        start, hit = time.monotonic(), Counter[str]()
        environment = {
            **ground.environment(),
            "CHAOS_MUTANT": "",
            "CHAOS_RATE": str(plan.per_second),
        }
        publishing = Kept("publishing", environment, folder, may_finish=True)
        with looked_after([publishing]):
            do_harm(Scene({"publishing": publishing}, ground.settings, {}), Random(seed), plan, FAULTS, hit)
            found = still_to_load(ground, {"publishing": publishing}, plan.patience)
        evidence = evidence_of(ground)
        found = [*found, *found_wrong(evidence), *(f"unexplained: {each}" for each in publishing.unexplained)]
        counted = Counter(homes(evidence).values())
        seconds = time.monotonic() - start
    return Report(seed, len(evidence.topic), dict(hit), publishing.kills, dict(counted), seconds, found)


@contextmanager
def _stack(folder: Path, seed: int, records: int) -> Iterator[Ground]:
    """All parts, with a contract of the run's own among the platform's."""
    home, contracts, name = folder / "home", copy_contracts(folder / "contracts"), f"chaos_{uuid4().hex[:10]}"
    contract = write_contract(contracts / "avro", name)
    environ = {**os.environ, "HAGIANG_CONTRACTS": str(contracts / "avro")}
    try:
        bring_up(home, environ, automatic_ports=True)
        settings = settings_of(home)
        ids = registered(settings, contract)
        engine = engine_for(settings.warehouse.owner_url)
        yield Ground(seed, settings, contract, ids, records, engine, folder, contracts / "avro")
        engine.dispose()
    finally:
        bring_down(home, environ, purge=True)


@click.command()
@click.option("--seeds", default=1, show_default=True, help="How many runs, each on a new stack.")
@click.option("--first", default=1, show_default=True, help="The first seed.")
@click.option("--records", default=6000, show_default=True, help="Published in each run.")
@click.option("--rate", default=30, show_default=True, help="Records published in a second.")
@click.option("--pause", default=4.0, show_default=True, help="Seconds from one fault to the next, on average.")
@click.option("--fault", "faults", multiple=True, type=click.Choice(list(FAULTS)), help="Only these; several times.")
def main(seeds: int, first: int, records: int, rate: int, pause: float, faults: Sequence[str]) -> None:
    """Print a line of JSON for each run; ends with 1 when anything is wrong."""
    logging.basicConfig(level=logging.WARNING)
    plan = Plan(records, rate, pause=pause, patience=_PATIENCE, faults=faults or DRAWN)
    wrong = False
    for seed in range(first, first + seeds):
        with TemporaryDirectory(prefix="hagiang-chaos-") as folder:
            report = run_seed(Path(folder) / str(seed), seed, plan)
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        wrong = wrong or bool(report.found)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
