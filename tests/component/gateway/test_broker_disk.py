"""The broker's disk is full: it takes nothing more and stops; what was taken waits in the spool until it is back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.settings import Settings
from producers.receipt import Receipt
from producers.spooled import open_spooled_producer
from schemas.catalog import load_catalog
from tests import local_stack
from tests.component.gateway.running import EVENT, TOPIC, ends_of, events_in, example, records_after, wait_until
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk("96m") as disk:
        yield disk


@pytest.fixture
def on_small_disk(servers: Settings, disk: SmallDisk, tmp_path: Path) -> Iterator[Settings]:
    """The session's servers, but for a broker of the test's own that keeps its log on the small disk."""
    home = tmp_path / "stack"
    folder = home / "kafka"
    folder.mkdir(parents=True, mode=0o700)
    (disk.folder / "data").mkdir()
    (folder / "data").symlink_to(disk.folder / "data")
    try:
        yield replace(servers, kafka=local_stack.start(home, ("kafka",)).kafka)
    finally:
        disk.free()
        local_stack.stop(home)


def test_what_a_broker_with_a_full_disk_does_not_take_waits_in_the_spool(
    on_small_disk: Settings, disk: SmallDisk, tmp_path: Path
) -> None:
    wait_until(lambda: ends_of(on_small_disk, TOPIC))
    start = ends_of(on_small_disk, TOPIC)
    with open_spooled_producer(on_small_disk, load_catalog(), spool=tmp_path / "spool") as producer:
        sent: list[Receipt] = []

        def is_in_kafka() -> bool:
            sent.append(producer.send(EVENT, example()))
            return sent[-1].result(30).offset >= 0

        wait_until(is_in_kafka)
        disk.fill()
        wait_until(lambda: not is_in_kafka())  # what was allocated before still takes some
        assert [is_in_kafka() for _ in range(10)] == [False] * 10
        disk.free()
        wait_until(lambda: producer.reaches_kafka)
    found = {event["event_id"] for event in events_in(records_after(on_small_disk, start))}
    assert found == {receipt.event_id for receipt in sent}
