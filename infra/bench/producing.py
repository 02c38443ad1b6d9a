"""Events sent through the SDK, as fast as it goes."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from infra.bench.events import Event
from infra.settings import Settings
from producers.client import open_producer
from schemas.contract import Contract


def produce(settings: Settings, catalog: Mapping[str, Contract], event: str, events: Sequence[Event]) -> float:
    """Seconds until all are confirmed."""
    with open_producer(settings, catalog) as producer:
        start = time.perf_counter()
        for each in events:
            producer.send(event, each)
        producer.flush()
        return time.perf_counter() - start
