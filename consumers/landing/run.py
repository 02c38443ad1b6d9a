"""Landing put together and run."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from consumers.landing.announce import AirflowAssets, Announcer
from consumers.landing.authors import AuthorCheck
from consumers.landing.backoff import Interrupted, until_it_works
from consumers.landing.commits import Commits
from consumers.landing.connect import open_consumer, require_native_crc
from consumers.landing.limits import DEFAULT_LIMITS, LandingLimits
from consumers.landing.loop import LandingLoop, Progress
from consumers.landing.membership import Membership
from consumers.landing.partitions import Partitions
from consumers.landing.start import mark_lost, start_of
from consumers.landing.topics import Topics
from consumers.landing.write import OnStep
from consumers.landing.writer import BatchWriter
from infra.access.broker_denials import following_denials
from infra.access.connect import open_access
from infra.access.refusals import RefusalLog, audit_writer
from infra.access.view import open_view
from infra.object_store import LakeStore, open_lake
from infra.settings import Access, Kafka, Settings
from schemas.contract import Contract
from schemas.registry import Registry

log = logging.getLogger(__name__)

_LEAVE_MS = 3_000
_GC_THRESHOLDS = (100_000, 20, 100)


def never(_: Progress) -> bool:
    """Land until told to stop."""
    return False


def nothing(_: str) -> None:
    """Take no notice of a step."""


def run_landing(
    settings: Settings,
    catalog: Callable[[], Mapping[str, Contract]],
    stop: threading.Event,
    *,
    limits: LandingLimits = DEFAULT_LIMITS,
    until: Callable[[Progress], bool] = never,
    clock: Callable[[], float] = time.monotonic,
    on_step: OnStep = nothing,
    accept_lost: bool = False,
) -> Progress:
    """Land all topics of the catalogue until `stop` is set or `until` says so; what was gathered is written then.

    `catalog` is read again every `limits.rescan_s`. `on_step` hears of the boundaries in consumers/landing/write.py,
    from the thread that passes them. With `accept_lost` records that Kafka deleted before they landed are given up.
    Raises the errors that no waiting mends: OffsetsLost, StoreRefused, KafkaRefused, RegistryRefused and the like.
    """
    require_native_crc()
    store = open_lake(settings.lake)
    progress = Progress()
    with (
        suppress(Interrupted),
        _few_collections(),
        _consumer(settings.kafka, limits, stop) as consumer,
        Registry(settings.registry_url) as registry,
        _author_check(settings.access) as check,
        _audit(settings.access) as audit,
        _writer(store, registry, check, audit, on_step) as writer,
        Announcer(AirflowAssets(settings.airflow)) as announcer,
    ):
        partitions = Partitions(consumer, _starts(consumer, store, accept_lost), limits, clock)
        loop = LandingLoop(
            consumer=consumer,
            topics=Topics(catalog, limits.rescan_s),
            membership=Membership(consumer, partitions.assignments, patience_s=limits.session_s / 2),
            partitions=partitions,
            writer=writer,
            commits=Commits(consumer),
            announcer=announcer,
            limits=limits,
            clock=clock,
            on_step=on_step,
            progress=progress,
        )
        loop.run(stop, until)
    return progress


def _starts(consumer: Any, store: LakeStore, accept_lost: bool) -> Callable[[Any], int]:
    """Where to begin a partition."""

    def start(partition: Any) -> int:
        if accept_lost:
            mark_lost(consumer, store, partition, lambda: datetime.now(UTC))
        return start_of(consumer, store, partition)

    return start


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python's cyclic collector look less often: it takes a quarter of the time spent on reading from Kafka."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_GC_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def _consumer(kafka: Kafka, limits: LandingLimits, stop: threading.Event) -> Iterator[Any]:
    consumer = until_it_works(lambda: open_consumer(kafka, limits), "connecting to Kafka", stop)
    try:
        yield consumer
    finally:
        consumer.close(autocommit=False, timeout_ms=_LEAVE_MS)


@contextmanager
def _author_check(access: Access) -> Iterator[AuthorCheck | None]:
    """None when the settings say that signatures are not looked at."""
    if not access.signatures_required:
        log.warning("signatures are not looked at", extra={"action": "signatures_off"})
        yield None
        return
    with open_view(access.landing_url, with_api_keys=False) as view:
        yield AuthorCheck(view, access.signing_master)


@contextmanager
def _audit(access: Access) -> Iterator[RefusalLog]:
    """Where refusals go, those of the broker among them when the settings name its log."""
    engine = open_access(access.landing_url)
    refusals = RefusalLog(audit_writer(engine, "kafka"))
    try:
        with following_denials(access.broker_log, refusals.refused):
            yield refusals
    finally:
        refusals.close()
        engine.dispose()


@contextmanager
def _writer(
    store: LakeStore, registry: Registry, check: AuthorCheck | None, audit: RefusalLog, on_step: OnStep
) -> Iterator[BatchWriter]:
    writer = BatchWriter(store, registry, check, on_step, audit.refused)
    try:
        yield writer
    finally:
        writer.close(timeout_s=2.0)
