from __future__ import annotations

import pytest
from kafka import TopicPartition

from consumers.landing.limits import LandingLimits
from consumers.landing.partitions import Partitions
from infra.object_store import StoreUnavailable
from tests.unit.landing.made_batches import TOPIC, record
from tests.unit.landing.stub_consumer import StubConsumer

ONE, TWO = TopicPartition(TOPIC, 0), TopicPartition(TOPIC, 1)
LIMITS = LandingLimits(batch_records=3, held_bytes=1600)


class Bench:
    """Partitions on a stub consumer, with a clock set by hand; every partition begins at 100."""

    def __init__(self) -> None:
        self.now = 0.0
        self.store_away = False
        self.consumer = StubConsumer()
        self.partitions = Partitions(self.consumer, self.start_of, LIMITS, lambda: self.now)

    def start_of(self, _: TopicPartition) -> int:
        if self.store_away:
            raise StoreUnavailable
        return 100

    def assign(self, *partitions: TopicPartition) -> None:
        self.partitions.assignments.on_partitions_assigned(partitions)
        self.partitions.follow_assignments()

    def revoke(self, *partitions: TopicPartition) -> None:
        self.partitions.assignments.on_partitions_revoked(partitions)
        self.partitions.follow_assignments()

    def read(self, partition: TopicPartition, *offsets: int, position: int | None = None) -> None:
        self.consumer.positions[partition] = position or offsets[-1] + 1
        self.partitions.gather(partition, [record(offset, b"x" * 10) for offset in offsets])

    def due(self) -> list[tuple[int, int]]:
        return [(batch.from_offset, batch.next_offset) for batch in self.partitions.take_due()]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_partition_is_paused_until_its_start_is_known(bench: Bench) -> None:
    bench.store_away = True
    bench.partitions.assignments.on_partitions_assigned([ONE])
    with pytest.raises(StoreUnavailable):
        bench.partitions.follow_assignments()
    assert bench.consumer.paused == {ONE}
    bench.store_away = False
    bench.partitions.follow_assignments()
    assert bench.consumer.paused == set()
    assert bench.consumer.positions == {ONE: 100}


def test_ranges_chain_over_transaction_markers(bench: Bench) -> None:
    bench.assign(ONE)
    bench.read(ONE, 100, 101, 102, position=104)
    assert bench.due() == [(100, 104)]
    bench.read(ONE, 106, 107, 108)
    assert bench.due() == [(104, 109)]


def test_an_old_batch_is_due_and_a_young_one_is_not(bench: Bench) -> None:
    bench.assign(ONE)
    bench.read(ONE, 100)
    bench.now = 0.9
    assert bench.due() == []
    bench.now = 1.0
    assert bench.due() == [(100, 101)]


def test_what_was_gathered_of_a_lost_partition_is_dropped(bench: Bench) -> None:
    bench.assign(ONE, TWO)
    bench.read(ONE, 100)
    bench.read(TWO, 100)
    bench.revoke(ONE)
    assert not bench.partitions.owns(ONE)
    assert [batch.partition for batch in bench.partitions.take_all()] == [1]


def test_a_partition_that_comes_back_begins_anew(bench: Bench) -> None:
    bench.assign(ONE)
    bench.read(ONE, 100, 101)
    bench.partitions.assignments.on_partitions_revoked([ONE])
    bench.assign(ONE)
    assert list(bench.partitions.take_all()) == []
    assert bench.consumer.positions[ONE] == 100


def test_reading_pauses_while_too_much_is_held(bench: Bench) -> None:
    bench.assign(ONE, TWO)
    bench.read(ONE, 100, 101)
    bench.partitions.throttle(written_bytes=0)
    assert bench.consumer.paused == set()
    bench.partitions.throttle(written_bytes=1000)
    assert bench.consumer.paused == {ONE, TWO}
    bench.partitions.throttle(written_bytes=300)
    assert bench.consumer.paused == {ONE, TWO}
    bench.partitions.throttle(written_bytes=0)
    assert bench.consumer.paused == set()


def test_a_partition_assigned_while_too_much_is_held_stays_paused(bench: Bench) -> None:
    bench.assign(ONE)
    bench.partitions.throttle(written_bytes=1600)
    bench.assign(TWO)
    assert bench.consumer.paused == {ONE, TWO}
    bench.partitions.throttle(written_bytes=0)
    assert bench.consumer.paused == set()
