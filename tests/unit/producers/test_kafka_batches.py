"""Each record of a call has one answer, whatever becomes of the batches it stood in."""

from __future__ import annotations

from collections import deque

from kafka import TopicPartition
from kafka.errors import InvalidRecordError, KafkaError
from kafka.producer.producer_batch import ProducerBatch
from kafka.producer.record_accumulator import RecordAccumulator

from producers.kafka_batch_bytes import record_body
from producers.kafka_batches import Answer, BulkBatch
from producers.records import Record

PLACE = TopicPartition("t", 4)
NOW = 1_624_406_400_000


class Call:
    """One call with some records, and the answers to it."""

    def __init__(self, count: int) -> None:
        self.numbers = list(range(count))
        self.bodies = [record_body(Record("t", b"k", b"%d" % number)) for number in self.numbers]
        self.answers: list[Answer] = []

    def into(self, batch: BulkBatch, start: int = 0) -> int:
        return batch.append_many(self.numbers, self.bodies, start, NOW, self.answers.append)

    def offsets(self) -> dict[int, int]:
        """By record; fails when one was answered twice."""
        found: dict[int, int] = {}
        for answer in self.answers:
            for place, number in enumerate(answer.numbers):
                assert number not in found
                found[number] = answer.offset + place
        return found


def batch() -> BulkBatch:
    return BulkBatch(PLACE, 0, 1 << 20)


def test_two_calls_in_one_batch_have_an_answer_each() -> None:
    ours, first, second = batch(), Call(3), Call(2)
    first.into(ours)
    second.into(ours)
    assert first.answers == []
    ours.complete(100, -1)
    assert first.answers == [Answer([0, 1, 2], 4, 100)]
    assert second.answers == [Answer([0, 1], 4, 103)]


def test_an_offset_that_kafka_does_not_tell_is_not_made_up() -> None:
    ours, first, second = batch(), Call(1), Call(2)
    first.into(ours)
    second.into(ours)
    ours.complete(-1, -1)
    assert [answer.offset for answer in (*first.answers, *second.answers)] == [-1, -1]


def test_each_record_of_a_failed_batch_has_its_own_error() -> None:
    ours, first, second = batch(), Call(2), Call(2)
    first.into(ours)
    second.into(ours)
    errors = [KafkaError("0"), KafkaError("1"), InvalidRecordError("2"), KafkaError("3")]
    ours.complete_exceptionally(errors[2], errors.__getitem__)
    (answer,) = second.answers
    assert answer.error_of is not None
    assert [answer.error_of(place) for place in range(2)] == errors[2:]
    assert len(first.answers) == 1


def test_a_single_record_never_joins_a_bulk_batch_and_comes_after_it() -> None:
    accumulator, ours = RecordAccumulator(batch_size=1 << 20, linger_ms=0), batch()
    Call(2).into(ours)
    accumulator._batches[PLACE].append(ours)
    accumulator.append(PLACE, NOW, b"k", b"v", [])
    assert [type(each) for each in accumulator._batches[PLACE]] == [BulkBatch, ProducerBatch]


def test_the_records_of_a_batch_that_is_split_again_and_again_have_one_answer_each() -> None:
    accumulator, ours = RecordAccumulator(batch_size=1 << 20, linger_ms=0), batch()
    first, second = Call(5), Call(6)
    first.into(ours)
    second.into(ours)
    queue: deque[ProducerBatch] = accumulator._batches[PLACE]
    queue.append(ours)
    offset = 0
    while queue:
        each = queue.popleft()
        each.records.close()
        if each.record_count > 2:
            accumulator.split_and_reenqueue(each)
        else:
            each.complete(offset, -1)
            offset += each.record_count
    assert first.offsets() == {number: number for number in range(5)}
    assert second.offsets() == {number: 5 + number for number in range(6)}
