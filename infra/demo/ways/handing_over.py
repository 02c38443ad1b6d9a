"""Hands a wave of events over, by all ways at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from infra.demo.ways import sdk
from infra.demo.ways.clients import kept_clients
from infra.demo.ways.sharing import Shared
from infra.demo.ways.table import WAYS
from infra.demo.ways.way import Desk, Handed, Way
from infra.settings import Settings
from schemas.contract import Contract


def hand_over(
    settings: Settings,
    catalog: Mapping[str, Contract],
    shared: Shared,
    on_record: Callable[[], None],
) -> Mapping[str, Handed]:
    """A thread a way.

    Returns when Kafka has them all. Raises what the ways raise, when all have ended.
    """
    one_at_a_time = threading.Lock()

    def on_message(count: int) -> None:
        with one_at_a_time:
            for _ in range(count):
                on_record()

    run, kept = uuid4().hex[:8], kept_clients(settings.home)
    desks = {way.name: Desk(settings, catalog, kept.get(_client(way), {}), run, on_message) for way in WAYS}
    used = [way for way in WAYS if shared.messages.get(way.name)]
    with ThreadPoolExecutor(max_workers=len(WAYS) + 1) as pool:
        running = {way.name: pool.submit(way.hand_over, desks[way.name], shared.messages[way.name]) for way in used}
        running[sdk.NAME] = pool.submit(sdk.publish, settings, catalog, shared.direct, lambda: on_message(1))
    return {name: handed.result() for name, handed in running.items()}


def _client(way: Way) -> str:
    return way.client.name if way.client else ""
