"""What a platform does between its backups, done in this process: publish, land, load; and what Kafka forgets."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from kafka import KafkaAdminClient, TopicPartition

from consumers.landing.limits import LandingLimits
from consumers.landing.run import run_landing
from consumers.warehouse.check import check
from consumers.warehouse.publish import publish as publish_load
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore, open_lake
from producers.spooled import open_spooled_producer
from schemas.catalog import load_catalog
from tests.chaos.checker.lake import read_lake
from tests.chaos.checker.topic import read_topic
from tests.chaos.ground import Ground
from tests.chaos.history import Planned
from tests.chaos.publishing import publish
from tests.waiting import wait_until


def lake_of(ground: Ground) -> LakeStore:
    return open_lake(ground.settings.lake)


def published(ground: Ground, planned: Sequence[Planned]) -> None:
    """All of it is in Kafka."""
    at = ground.surroundings()
    spool = ground.folder / "spool"
    with open_spooled_producer(ground.settings, load_catalog(ground.contracts), spool=spool) as producer:
        publish(at, producer, list(planned))


def landed(ground: Ground) -> None:
    """Landing runs until the lake holds all that Kafka does."""
    with _landing(ground):
        wanted = read_topic(ground.settings, ground.contract.topic).keys()
        wait_until(lambda: _positions_in_lake(ground) >= wanted)


def loaded(ground: Ground) -> int:
    """Loads until there is nothing to load; returns how many."""
    lake, loads = lake_of(ground), 0
    while (load_id := stage(ground.engine, lake, ground.contract, run_id="drill")) is not None:
        check(ground.engine, lake, ground.contract, load_id)
        publish_load(ground.engine, lake, ground.contract, load_id)
        loads += 1
    return loads


def lose_in_kafka(ground: Ground, watermarks: Sequence[Sequence[Any]]) -> None:
    """Kafka's retention has taken what lies before."""
    before = {TopicPartition(topic, partition): offset for topic, partition, offset in watermarks}
    kafka = ground.settings.kafka
    with closing(KafkaAdminClient(**kafka.client_options(kafka.admin))) as admin:
        admin.delete_records(before)


def _positions_in_lake(ground: Ground) -> set[tuple[int, int]]:
    lake = read_lake(ground.settings, ground.contract.topic)
    return lake.events.keys() | lake.rejects.keys()


@contextmanager
def _landing(ground: Ground) -> Iterator[None]:
    stop = threading.Event()
    limits = LandingLimits(batch_age_s=0.3, rescan_s=1.0, session_s=6.0, group_id=f"landing-{ground.contract.event}")
    work = threading.Thread(
        target=lambda: run_landing(ground.settings, lambda: load_catalog(ground.contracts), stop, limits=limits)
    )
    work.start()
    try:
        yield
    finally:
        stop.set()
        work.join()
