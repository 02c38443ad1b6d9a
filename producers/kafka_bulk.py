"""A Kafka producer that takes many records in one call and answers for them batch by batch (ADR 0707).

`KafkaProducer.send` makes a future with two callbacks and takes five locks for each record. A gateway hands over some
hundred records at a time and asks about none of them alone, so here all records of a call that stand in one Kafka batch
have one answer. Everything else is kafka-python's: batches, their order and sequence numbers, retries, time-outs.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from kafka import KafkaProducer, TopicPartition
from kafka.errors import IllegalStateError, MessageSizeTooLargeError

from producers.kafka_batch_bytes import record_body
from producers.kafka_batches import BulkBatch, OnAnswer, failed
from producers.records import Record

# A batch's own head, and the most that a record's place in its batch takes.
_OVERHEAD = 61 + 21


class _Share(NamedTuple):
    """The records of a call that go to one partition: their places in the call, and their bytes."""

    numbers: list[int]
    bodies: list[bytes]


class BulkProducer(KafkaProducer):  # type: ignore[misc]
    """Takes `send` too; records of both keep their order within a partition."""

    def send_many(self, topic: str, records: Sequence[Record], on_answer: OnAnswer) -> None:
        """Queue records of one topic.

        `on_answer` is called for each part of the records that was answered for together, each record being in one of
        them; by the sending thread or before this returns. It must be quick.
        Raises KafkaError: nothing was queued, since the topic is not known or the producer is closed.
        """
        if self._closed:
            raise IllegalStateError("the producer is closed")
        self.partitions_for(topic)
        shares: defaultdict[int, _Share] = defaultdict(lambda: _Share([], []))
        for number, record in enumerate(records):
            body = record_body(record)
            if len(body) + _OVERHEAD > self.config["max_request_size"]:
                on_answer(failed((number,), MessageSizeTooLargeError(f"a record of {len(body)} bytes")))
                continue
            share = shares[self._partition(topic, None, record.key, None, record.key, None)]
            share.numbers.append(number)
            share.bodies.append(body)
        for partition, share in shares.items():
            self._queue(TopicPartition(topic, partition), share, on_answer)

    def _queue(self, place: TopicPartition, share: _Share, on_answer: OnAnswer) -> None:
        """Append records to the partition's last batch and to new ones, as RecordAccumulator.append does for one."""
        accumulator, timestamp = self._accumulator, int(time.time() * 1000)
        accumulator._appends_in_progress.increment()
        try:
            with accumulator._tp_lock(place):
                batches = accumulator._batches[place]
                last = batches[-1] if batches else None
                taken = last.append_many(*share, 0, timestamp, on_answer) if isinstance(last, BulkBatch) else 0
                opened = taken < len(share.bodies)
                while taken < len(share.bodies):
                    batch = BulkBatch(place, self.config["compression_attrs"], self.config["batch_size"])
                    taken += batch.append_many(*share, taken, timestamp, on_answer)
                    batches.append(batch)
                    accumulator._incomplete.add(batch)
        finally:
            accumulator._appends_in_progress.decrement()
        if opened or len(batches) > 1:
            self._sender.wakeup()
