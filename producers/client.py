"""The producer SDK: publishes events that keep their contract.

    with open_producer(settings, catalog) as producer:
        sent = producer.send("dossier_status_changed", event).result()

An event that breaks its contract raises EventInvalid before anything is sent; its message names each field, the rule
and the value. What was sent is acknowledged by all in-sync replicas and not doubled by a retry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import uuid6
from kafka import KafkaProducer
from kafka.errors import KafkaError

from infra.errors import OperatorError
from infra.settings import Kafka, Settings
from schemas.catalog import contract_named
from schemas.codec import EventCodec, prepare
from schemas.contract import Contract
from schemas.registry import Registry
from schemas.wire import frame


class NotAcknowledged(OperatorError):
    """Kafka did not confirm the event in time: send it again with the same event_id, a repeat counts once."""

    retriable = True


class BrokerUnavailable(OperatorError):
    """Kafka cannot be reached: check KAFKA_BOOTSTRAP_SERVERS and `hagiang status`, then send again."""

    retriable = True


@dataclass(frozen=True)
class Sent:
    """Where an acknowledged event stands."""

    topic: str
    partition: int
    offset: int
    event_id: str


@dataclass(frozen=True)
class Delivery:
    """An event on its way; `result` waits for Kafka's word on it."""

    event_id: str
    future: Any

    def result(self, timeout_s: float = 120.0) -> Sent:
        """Where the event stands; raises NotAcknowledged."""
        try:
            record = self.future.get(timeout=timeout_s)
        except KafkaError as error:
            raise NotAcknowledged(f"event {self.event_id}: {error}") from error
        return Sent(record.topic, record.partition, record.offset, self.event_id)


@dataclass(frozen=True)
class _Channel:
    """What is looked up once for a contract: its codec and the id its schema has in the registry."""

    contract: Contract
    codec: EventCodec
    schema_id: int


class EventProducer:
    """Publishes events of any contract of the catalogue; safe to share between threads."""

    def __init__(self, kafka: KafkaProducer, registry: Registry, catalog: Mapping[str, Contract]) -> None:
        self._kafka = kafka
        self._registry = registry
        self._catalog = catalog
        self._channels: dict[str, _Channel] = {}

    def send(self, event_name: str, event: Mapping[str, Any], *, headers: Sequence[tuple[str, bytes]] = ()) -> Delivery:
        """Validates, encodes and queues one event, with Kafka headers; an event without event_id is given a UUIDv7.

        Raises EventInvalid (nothing was sent), UnknownEvent, or NotAcknowledged when Kafka takes no more events.
        """
        channel = self._channels.get(event_name) or self._open_channel(event_name)
        identified = event if event.get("event_id") else {**event, "event_id": str(uuid6.uuid7())}
        datum = channel.codec.encode(identified)
        key = str(identified[channel.contract.key]).encode()
        future = self.send_bytes(channel.contract.topic, key, frame(channel.schema_id, datum), headers)
        return Delivery(str(identified["event_id"]), future)

    def send_bytes(self, topic: str, key: bytes | None, value: bytes, headers: Sequence[tuple[str, bytes]] = ()) -> Any:
        """Queues a value as it is, unchecked: for relays of bytes that another producer has encoded."""
        try:
            return self._kafka.send(topic, key=key, value=value, headers=list(headers))
        except KafkaError as error:
            raise NotAcknowledged(f"{topic}: {error}") from error

    def flush(self, timeout_s: float = 120.0) -> None:
        """Waits until all that was queued has been confirmed or has failed; raises NotAcknowledged on time-out."""
        try:
            self._kafka.flush(timeout=timeout_s)
        except KafkaError as error:
            raise NotAcknowledged(str(error)) from error

    def close(self) -> None:
        """Sends what is queued and closes the connections."""
        self._kafka.close()

    def __enter__(self) -> EventProducer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _open_channel(self, event_name: str) -> _Channel:
        contract = contract_named(self._catalog, event_name)
        schema_id = self._registry.register(contract.subject, contract.schema)
        channel = self._channels[event_name] = _Channel(contract, prepare(contract), schema_id)
        return channel


def open_producer(settings: Settings, catalog: Mapping[str, Contract]) -> EventProducer:
    """A producer on the settings' Kafka as its publishing user; raises BrokerUnavailable."""
    return EventProducer(_connect(settings.kafka), Registry(settings.registry_url), catalog)


def _connect(kafka: Kafka) -> KafkaProducer:
    try:
        return KafkaProducer(
            bootstrap_servers=kafka.bootstrap_servers.split(","),
            security_protocol=kafka.security_protocol,
            sasl_mechanism=kafka.sasl_mechanism,
            sasl_plain_username=kafka.publisher.user,
            sasl_plain_password=kafka.publisher.password,
            acks="all",
            enable_idempotence=True,
            compression_type="zstd",
            linger_ms=20,
            batch_size=256 * 1024,
            allow_auto_create_topics=False,
        )
    except KafkaError as error:
        raise BrokerUnavailable(f"{kafka.bootstrap_servers}: {error}") from error
