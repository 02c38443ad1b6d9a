"""Whoever waits for a burst is answered once: by the producer, or in time without it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator, Sequence

import pytest

from producers.acknowledged import Outcome
from producers.client import NotAcknowledged, Sent
from producers.gateway.outbox import Outbox
from producers.gateway.serve import collect_seldom
from producers.records import Record

Told = Callable[[list[Outcome]], None]


class Producer:
    """Keeps what it was given."""

    def __init__(self) -> None:
        self.bursts: list[tuple[Sequence[Record], Told]] = []

    def submit(self, records: Sequence[Record], told: Told) -> None:
        self.bursts.append((records, told))

    def acknowledge(self) -> None:
        for records, told in self.bursts:
            told([Sent("t", 0, number, record.event_id) for number, record in enumerate(records)])


def records(*names: str) -> list[Record]:
    return [Record("t", b"k", b"v", (), name) for name in names]


def run(patience: float, scenario: Callable[[Outbox, Producer], Coroutine[None, None, None]]) -> None:
    failed: list[object] = []

    async def in_a_loop() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failed.append(context))
        producer = Producer()
        await scenario(Outbox(asyncio.get_running_loop(), producer.submit, patience), producer)

    asyncio.run(in_a_loop())
    assert failed == []


async def burst_of_two_requests(outbox: Outbox, producer: Producer) -> None:
    first, second = outbox.hand_over(records("a", "b")), outbox.hand_over(records("c"))
    await asyncio.sleep(0.05)
    assert [[record.event_id for record in burst] for burst, _ in producer.bursts] == [["a", "b", "c"]]
    producer.acknowledge()
    assert [sent.event_id for sent in await first if isinstance(sent, Sent)] == ["a", "b"]
    assert await second == [Sent("t", 0, 2, "c")]


async def late_answer(outbox: Outbox, producer: Producer) -> None:
    both = outbox.hand_over(records("a", "b"))
    outcomes = await asyncio.wait_for(both, 10)
    assert [type(each) for each in outcomes] == [NotAcknowledged] * 2
    producer.acknowledge()
    await asyncio.sleep(0.01)
    assert both.result() is outcomes


async def answer_in_time(outbox: Outbox, producer: Producer) -> None:
    one = outbox.hand_over(records("a"))
    await asyncio.sleep(0.05)
    producer.acknowledge()
    await one
    assert not [each for each in gc.get_objects() if isinstance(each, asyncio.TimerHandle) and not each.cancelled()]


def test_records_of_several_requests_go_together_and_come_back_to_each() -> None:
    run(30, burst_of_two_requests)


def test_without_an_answer_in_time_each_record_is_told_so_and_a_late_answer_is_not_heard() -> None:
    run(0.05, late_answer)


def test_an_answer_in_time_ends_the_waiting() -> None:
    run(30, answer_in_time)


@pytest.fixture
def _collector() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.usefixtures("_collector")
def test_what_the_start_has_made_is_not_looked_at_again() -> None:
    collect_seldom()
    assert gc.get_freeze_count() > 10_000
    assert gc.get_threshold()[0] > 10_000
