"""One run: a history is published, landed and loaded while faults hit, then everything is held against the plan."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psycopg
from kafka.errors import KafkaError

from infra.local.status import stack_status
from infra.settings import Settings
from tests.chaos.checker.lake import read_lake
from tests.chaos.checker.topic import ends_of, read_topic
from tests.chaos.checker.verdict import Evidence, found_wrong, homes
from tests.chaos.checker.warehouse import read_warehouse, read_watermarks
from tests.chaos.faults import FAULTS, Fault, Scene
from tests.chaos.forked import PARTS
from tests.chaos.ground import Ground, new_ground
from tests.chaos.kept import Kept
from tests.chaos.network import relays, through
from tests.relay import Relay
from tests.waiting import wait_until

log = logging.getLogger(__name__)

NEEDED = ("postgres", "kafka", "store", "registry")
"""The servers that a run needs."""
_LOOK_SECONDS = 0.2
_LAST_WORK_SECONDS = 30


@dataclass(frozen=True)
class Plan:
    """`dying` is the share of boundaries at which landing and loading kill themselves, `stalling` that at which they
    stand still for seconds, both at boundaries whose name begins with `at`; `loaders` load at the same time. Faults
    come every `pause` seconds on average; `patience` is how long the backlog may take to drain after the last.
    `per_second` records are published, `batches` of the lake are loaded at once."""

    records: int = 1500
    per_second: int = 60
    batches: int = 4
    pause: float = 1.5
    dying: float = 0.02
    stalling: float = 0.02
    at: str = ""
    loaders: int = 2
    patience: float = 300
    mutant: str = ""
    faults: Sequence[str] = tuple(FAULTS)


@dataclass(frozen=True)
class Report:
    """`found` is what is wrong, empty when all is well."""

    seed: int
    records: int
    faults: Mapping[str, int]
    deaths: int
    homes: Mapping[str, int]
    seconds: float
    found: Sequence[str]


def run_seed(servers: Settings, folder: Path, seed: int, plan: Plan) -> Report:
    """Raises nothing for a build that loses or doubles: the report tells."""
    start = time.monotonic()
    folder.mkdir(parents=True)
    with new_ground(servers, folder, seed, plan.records) as ground, relays(servers) as network:
        kept = _parts(ground, plan, network)
        hit: Counter[str] = Counter()
        found: list[str] = []
        with looked_after(list(kept.values())):
            do_harm(Scene(kept, servers, network), Random(seed), plan, FAULTS, hit)
            found += still_to_load(ground, kept, plan.patience)
            _come_to_an_end(list(kept.values()))
        evidence = evidence_of(ground)
        found += found_wrong(evidence)
        found += [f"unexplained: {each}" for part in kept.values() for each in part.unexplained]
        counted = Counter(homes(evidence).values())
        # The ground is cleared by them, and the next run begins with them.
        _await_servers(servers)
    deaths = sum(part.kills for part in kept.values())
    return Report(seed, len(evidence.topic), dict(hit), deaths, dict(counted), time.monotonic() - start, found)


def _await_servers(servers: Settings) -> None:
    """The last fault may have killed one that is being started again."""
    wait_until(lambda: all(part.ready for part in stack_status(servers.home, os.environ, only=NEEDED)))


def _parts(ground: Ground, plan: Plan, network: Mapping[str, Relay]) -> dict[str, Kept]:
    environment = through(network, ground.settings, ground.environment())
    environment["CHAOS_MUTANT"] = plan.mutant
    environment["CHAOS_RATE"], environment["CHAOS_BATCHES"] = str(plan.per_second), str(plan.batches)
    environment["CHAOS_DYING"] = f"{plan.dying},{plan.stalling},{plan.at}"
    return {
        name: Kept(
            name,
            environment,
            ground.folder,
            may_finish=name == "publishing",
            count=plan.loaders if name == "loading" else 1,
        )
        for name in PARTS
    }


@contextmanager
def looked_after(parts: Sequence[Kept]) -> Iterator[None]:
    """The parts run, and are started again whenever they end, as long as the block lasts."""
    done = threading.Event()

    def look() -> None:
        while not done.wait(_LOOK_SECONDS):
            for part in parts:
                part.look_after()

    for part in parts:
        part.look_after()
    keeper = threading.Thread(target=look)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()
        for part in parts:
            part.end()


def do_harm(scene: Scene, rng: Random, plan: Plan, faults: Mapping[str, Fault], hit: Counter[str]) -> None:
    """The plan's faults, one after another, until everything is published."""
    while plan.faults and not scene.kept["publishing"].finished:
        time.sleep(rng.uniform(0.3, 2 * plan.pause - 0.3))
        name = rng.choice(plan.faults)
        if scene.kept["publishing"].finished:
            return
        log.info("%s", name, extra={"action": "fault", "fault": name})
        faults[name](scene, rng)
        hit[name] += 1


def still_to_load(ground: Ground, kept: Mapping[str, Kept], patience: float) -> list[str]:
    """Waits until all is published, and loaded up to the topic's end; says so if it does not come to that in time."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if kept["publishing"].finished and _is_loaded(ground):
            return []
        time.sleep(1)
    return [f"lost: not everything is loaded {patience:g} s after the last fault"]


def _come_to_an_end(parts: Sequence[Kept]) -> None:
    """What still stood at a boundary does its harm now, after everything was published, and is seen by the checker."""
    for part in parts:
        part.retire()
    deadline = time.monotonic() + _LAST_WORK_SECONDS
    while any(part.processes for part in parts) and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)


def _is_loaded(ground: Ground) -> bool:
    try:
        ends = ends_of(ground.settings, ground.contract.topic)
        marks = read_watermarks(_url(ground), ground.contract.topic)
    except (KafkaError, psycopg.Error) as error:
        log.info("not to be asked yet: %s", error, extra={"action": "not_yet"})
        return False
    return any(ends.values()) and all(marks.get(partition, 0) == end for partition, end in ends.items())


def _url(ground: Ground) -> str:
    return ground.environment()["WAREHOUSE_URL"]


def evidence_of(ground: Ground) -> Evidence:
    """All that the checker needs."""
    noted = ground.acknowledged
    numbers = frozenset(map(int, noted.read_text().split())) if noted.exists() else frozenset()
    topic = ground.contract.topic
    return Evidence(
        planned=ground.planned(),
        acknowledged=numbers,
        topic=read_topic(ground.settings, topic),
        lake=read_lake(ground.settings, topic),
        warehouse=read_warehouse(_url(ground), ground.contract.event, topic),
    )
