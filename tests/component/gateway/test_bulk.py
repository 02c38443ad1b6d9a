"""Many records in one call, on a real broker that takes only small batches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from uuid import uuid4

import pytest
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient
from kafka.errors import MessageSizeTooLargeError

from infra.settings import Settings
from producers.kafka_batches import Answer
from producers.kafka_connection import connect
from producers.records import Record
from tests.component.gateway.running import records_after, wait_until
from tests.component.landing.place import options

PARTITIONS = 2


@pytest.fixture
def topic(servers: Settings) -> Iterator[str]:
    """Takes batches of 4 kB at most."""
    name = f"bulk-{uuid4().hex[:10]}"
    with closing(KafkaAdminClient(**options(servers, servers.kafka.admin))) as admin:
        configs = {"max.message.bytes": "4000"}
        wanted = {"num_partitions": PARTITIONS, "replication_factor": 1, "configs": configs}
        admin.create_topics({name: wanted}, wait_for_metadata=True)
        yield name
        admin.delete_topics([name])


def test_each_record_is_there_once_in_order_and_its_answer_tells_where(servers: Settings, topic: str) -> None:
    everybody = servers.kafka.admin
    as_admin = replace(servers, kafka=replace(servers.kafka, publisher=everybody, landing=everybody))
    rng = random.Random(7)
    records = [Record(topic, b"key %d" % rng.randrange(20), rng.randbytes(100)) for _ in range(600)]
    records[300] = Record(topic, b"large", rng.randbytes(5000))
    answers: list[Answer] = []
    # kafka-python takes sequence numbers back when it splits a batch: with others on their way Kafka may refuse one.
    one_at_a_time = {"max_in_flight_requests_per_connection": 1}
    with connect(as_admin.kafka, linger_ms=200, max_request_size=4000, **one_at_a_time) as kafka:
        kafka.send_many(topic, records[:500], answers.append)
        single = kafka.send(topic, records[500].value, records[500].key)
        kafka.send_many(topic, records[501:], lambda answer: answers.append(_moved(answer, 501)))
        wait_until(lambda: single.is_done and sum(len(answer.numbers) for answer in answers) == len(records) - 1)
    refused = [answer for answer in answers if answer.error_of is not None]
    places = {
        number: (answer.partition, answer.offset + n) for answer in answers for n, number in enumerate(answer.numbers)
    }
    places[500] = (single.get(0).partition, single.get(0).offset)
    ((large,),) = [answer.numbers for answer in refused]
    assert large == 300
    assert isinstance(refused[0].error_of and refused[0].error_of(0), MessageSizeTooLargeError)
    assert sorted(places) == list(range(600))
    found = records_after(as_admin, {TopicPartition(topic, number): 0 for number in range(PARTITIONS)})
    kept = {number: record for number, record in enumerate(records) if number != 300}
    assert {(each.partition, each.offset): each.value for each in found} == {
        places[number]: record.value for number, record in kept.items()
    }
    for key in {record.key for record in kept.values()}:
        assert [each.value for each in found if each.key == key] == [r.value for r in kept.values() if r.key == key]
    assert sum(len(answer.numbers) == 1 for answer in answers) > 100, "no batch was split"


def _moved(answer: Answer, by: int) -> Answer:
    return replace(answer, numbers=[number + by for number in answer.numbers])
