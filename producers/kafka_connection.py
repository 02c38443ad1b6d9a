"""How the platform's writers connect to Kafka."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from typing import Any

from kafka.errors import KafkaError

from infra.errors import OperatorError
from infra.settings import Broker
from producers.kafka_bulk import BulkProducer
from producers.kafka_partitions import KeyPartitioner
from producers.kafka_wakeups import LightlyWokenClient

PROBE_SECONDS = 1.0

# For a writer with a spool: it must learn within seconds that Kafka is away, since the spool takes over then.
IMPATIENT: Mapping[str, Any] = {
    "linger_ms": 5,
    "bootstrap_timeout_ms": 5_000,
    "max_block_ms": 1_500,
    "request_timeout_ms": 4_000,
    "delivery_timeout_ms": 5_000,
    "reconnect_backoff_max_ms": 1_000,
    "kafka_client": LightlyWokenClient,
}


class BrokerUnavailable(OperatorError):
    """Kafka cannot be reached, or refuses the login: check KAFKA_BOOTSTRAP_SERVERS and `hagiang status`; and whether
    KAFKA_PUBLISHER_USER and its password are of the newest file that the client was given, since a new one
    (`hagiang access rotate`) ends the old password, and a revoked client has none. Then send again.
    """

    retriable = True


def connect(kafka: Broker, **changes: Any) -> BulkProducer:
    """A producer as the publishing user: all in-sync replicas acknowledge, a retry does not double.

    Raises BrokerUnavailable.
    """
    options: dict[str, Any] = {"linger_ms": 20, **changes}
    try:
        return BulkProducer(
            **kafka.client_options(kafka.publisher),
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            batch_size=256 * 1024,
            partitioner=KeyPartitioner(),
            metrics_enabled=False,
            allow_auto_create_topics=False,
            **options,
        )
    except KafkaError as error:
        raise BrokerUnavailable(f"{kafka.bootstrap_servers}: {error}") from error


def connect_impatiently(kafka: Broker) -> BulkProducer:
    """As `connect`, for a writer with a spool; asks for an open port first, which is cheap to repeat."""
    if not any(map(_listens, kafka.bootstrap_servers.split(","))):
        raise BrokerUnavailable(f"{kafka.bootstrap_servers}: nothing listens there")
    return connect(kafka, **IMPATIENT)


def missing_topics(producer: BulkProducer, topics: Iterable[str]) -> set[str]:
    """Those of the topics that Kafka does not know or does not show us; afterwards a send to the others never waits."""
    return {topic for topic in topics if not _is_there(producer, topic)}


def _is_there(producer: BulkProducer, topic: str) -> bool:
    try:
        return bool(producer.partitions_for(topic))
    except KafkaError:
        return False


def _listens(server: str) -> bool:
    host, _, port = server.strip().rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), PROBE_SECONDS).close()
    except OSError:
        return False
    return True
