"""Kafka batches whose records are answered for together (see producers/kafka_bulk.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from kafka import TopicPartition
from kafka.producer.producer_batch import ProducerBatch

from producers.kafka_batch_bytes import BulkBuilder


@dataclass(frozen=True, slots=True)
class Answer:
    """Kafka's word on some records of a call.

    `numbers` are their places in the call. They stand one behind the other from `offset` on (-1: Kafka did not tell);
    or else `error_of` gives what went wrong with each, by its place in `numbers`.
    """

    numbers: Sequence[int]
    partition: int
    offset: int
    error_of: Callable[[int], Exception] | None = None


OnAnswer = Callable[[Answer], None]


def failed(numbers: Sequence[int], error: Exception) -> Answer:
    """The answer that the same went wrong with all of these records."""
    return Answer(numbers, -1, -1, lambda _place: error)


class _Part(NamedTuple):
    """Records of one call that stand one behind the other in a batch, from place `first` on."""

    numbers: Sequence[int]
    first: int
    partition: int
    on_answer: OnAnswer

    def answered(self, found: Any) -> None:
        """`found` is the result of a batch's future."""
        offset, _, error_of = found
        if error_of is not None:
            self.on_answer(Answer(self.numbers, self.partition, -1, lambda number: error_of(self.first + number)))
        else:
            self.on_answer(Answer(self.numbers, self.partition, offset + self.first if offset >= 0 else -1))

    def split(self) -> list[_Divided]:
        """Its records one by one, for a batch that the broker finds too large."""
        return [_Divided(number, self.partition, self.on_answer) for number in self.numbers]


class _Divided(NamedTuple):
    """A record whose batch was split: it stands in for kafka-python's future of a record."""

    number: int
    partition: int
    on_answer: OnAnswer

    def rebind(self, future: Any, place: int) -> None:
        """The record stands at that place of another batch now, whose future this is."""
        future.add_callback(_Part((self.number,), place, self.partition, self.on_answer).answered)


class BulkBatch(ProducerBatch):  # type: ignore[misc]
    """A batch of records that came in bulk; a single record never joins one."""

    def __init__(self, place: TopicPartition, compression_type: int, batch_size: int) -> None:
        super().__init__(place, BulkBuilder(compression_type, batch_size))
        self._parts: list[_Part] = []
        del self._record_futures  # so that the property below holds in its place

    def try_append(self, *_record: Any, **_more: Any) -> None:
        """Sends the accumulator on to a batch of its own for a single record."""

    def append_many(
        self, numbers: Sequence[int], bodies: Sequence[bytes], start: int, timestamp: int, on_answer: OnAnswer
    ) -> int:
        """Append from that place of `numbers` and `bodies` on, as far as they fit; gives how many were appended."""
        first = self.records.next_offset()
        taken: int = self.records.append_many(bodies, start, timestamp)
        if taken:
            part = _Part(numbers[start : start + taken], first, self.topic_partition.partition, on_answer)
            self._parts.append(part)
            self.produce_future.add_callback(part.answered)
        return taken

    @cached_property
    def _record_futures(self) -> list[_Divided]:
        """Asked for when the batch is split, in the order of the records."""
        return [record for part in self._parts for record in part.split()]
