"""The partition of a key, as every Kafka client chooses it: murmur2 of the key, modulo the number of partitions.

kafka-python computes murmur2 byte by byte and sorts the topic's partitions anew for each record, which took a third of
the time of a send.
"""

from __future__ import annotations

import random
import struct
from functools import lru_cache
from typing import Any

from kafka.partitioner import Partitioner

_SEED = 0x9747B28C
_MIX = 0x5BD1E995
_BITS = 0xFFFFFFFF
_POSITIVE = 0x7FFFFFFF


class KeyPartitioner(Partitioner):  # type: ignore[misc]
    """For `KafkaProducer(partitioner=...)`. A record without key goes to any partition that has a leader."""

    def partition(self, topic: str, *record_and_cluster: Any) -> int:
        """The partition of a record; raises ValueError for a topic that the cluster does not tell of."""
        _, key, _, _, cluster = record_and_cluster
        partitions = cluster.partitions_for_topic(topic)
        if not partitions:
            raise ValueError(f"the topic {topic} is not known")
        if key is not None:
            return partition_of(key, len(partitions))
        with_leader: list[int] = sorted(cluster.available_partitions_for_topic(topic))
        chosen: int = random.choice(with_leader or sorted(partitions))  # noqa: S311
        return chosen


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key among so many."""
    return (murmur2(key) & _POSITIVE) % partitions


def murmur2(data: bytes) -> int:
    """The hash of Kafka's Java client, an unsigned integer of 32 bits."""
    size = len(data)
    hashed = _SEED ^ size
    for word in _words(size >> 2).unpack_from(data):
        mixed = word * _MIX & _BITS
        hashed = (hashed * _MIX ^ (mixed ^ mixed >> 24) * _MIX) & _BITS
    if rest := size & 3:
        hashed = (hashed ^ int.from_bytes(data[size - rest :], "little")) * _MIX & _BITS
    hashed = (hashed ^ hashed >> 13) * _MIX & _BITS
    return hashed ^ hashed >> 15


@lru_cache(256)
def _words(count: int) -> struct.Struct:
    return struct.Struct(f"<{count}I")
