"""Our partition of a key is every Kafka client's: the order of a key holds across ways in."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from kafka.partitioner import DefaultPartitioner
from kafka.partitioner import murmur2 as their_murmur2

from producers.kafka_partitions import KeyPartitioner, murmur2


def cluster(with_leader: set[int]) -> Any:
    return SimpleNamespace(
        topics=lambda: {"t"},
        partitions_for_topic=lambda topic: {0, 1, 2, 3, 4, 5, 6} if topic == "t" else None,
        available_partitions_for_topic=lambda _topic: with_leader,
    )


def test_the_hash_is_that_of_other_clients_for_keys_of_every_length() -> None:
    rng = random.Random(7)
    keys = [rng.randbytes(length) for length in range(300) for _ in range(5)] + [b"\xff" * 40, b"\0" * 41]
    assert [key for key in keys if murmur2(key) != their_murmur2(key)] == []


def test_a_key_goes_where_other_clients_send_it_even_if_that_partition_has_no_leader() -> None:
    for number in range(500):
        key = f"H22.26-210623-{number:06}".encode()
        place = KeyPartitioner().partition("t", None, key, None, b"", cluster({3}))
        assert place == DefaultPartitioner().partition("t", None, key, None, b"", cluster({3}))


def test_without_a_key_any_partition_with_a_leader_will_do() -> None:
    assert {KeyPartitioner().partition("t", None, None, None, b"", cluster({2, 5})) for _ in range(100)} == {2, 5}
    assert KeyPartitioner().partition("t", None, None, None, b"", cluster(set())) in range(7)


def test_an_unknown_topic_is_an_error() -> None:
    with pytest.raises(ValueError, match="other"):
        KeyPartitioner().partition("other", None, b"k", None, b"", cluster(set()))
