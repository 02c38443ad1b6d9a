"""The producer SDK: publishes events that keep their contract.

    with open_producer(settings, catalog) as producer:
        sent = producer.send("dossier_status_changed", event).result()

An event that breaks its contract raises EventInvalid before anything is sent; its message names each field, the rule
and the value. What was sent is acknowledged by all in-sync replicas and not doubled by a retry. Every record is signed
as the client that the settings name (schemas/signature.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError, TopicAuthorizationFailedError

from infra.errors import OperatorError
from infra.settings import Signer, Writer
from producers.encoder import EventEncoder
from producers.kafka_connection import connect
from producers.records import Headers, Record
from producers.schema_ids import RegistryIds
from producers.signing import signing_as
from schemas.contract import Contract
from schemas.registry import Registry


class NotAcknowledged(OperatorError):
    """Kafka did not confirm the event in time: send it again with the same event_id, a repeat counts once."""

    retriable = True


class NotGranted(OperatorError):
    """Kafka lets this user not write the event: ask the platform's operator for the grant (`hagiang access grant`)."""


class Sent(NamedTuple):
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
        """Where the event stands; raises NotAcknowledged, NotGranted."""
        try:
            record = self.future.get(timeout=timeout_s)
        except KafkaError as error:
            raise _failure(f"event {self.event_id}", error) from error
        return Sent(record.topic, record.partition, record.offset, self.event_id)


class EventProducer:
    """Publishes events of any contract of the catalogue; safe to share between threads."""

    def __init__(
        self, kafka: KafkaProducer, registry: Registry, catalog: Mapping[str, Contract], signer: Signer
    ) -> None:
        self._kafka = kafka
        self._sign = signing_as(signer)
        self._encoder = EventEncoder(catalog, RegistryIds(registry), self._sign)

    def send(self, event_name: str, event: Mapping[str, Any], headers: Headers = ()) -> Delivery:
        """Validates, encodes and queues one event; an event without event_id is given a UUIDv7.

        `headers` are put on the Kafka record beside those of its signature.
        Raises EventInvalid (nothing was sent), UnknownEvent, NotGranted, or NotAcknowledged when Kafka takes no more
        events.
        """
        record = self._encoder.encode(event_name, event, headers)
        return Delivery(record.event_id, self.send_record(record))

    def send_record(self, record: Record) -> Any:
        """Queues an encoded event; the future is kafka-python's."""
        try:
            return self._kafka.send(record.topic, key=record.key, value=record.value, headers=list(record.headers))
        except KafkaError as error:
            raise _failure(record.topic, error) from error

    def send_bytes(self, topic: str, key: bytes | None, value: bytes, headers: Headers = ()) -> Any:
        """Queues a value as it is, unchecked but signed: for relays of bytes that another producer has encoded."""
        return self.send_record(Record(topic, key, value, self._sign(topic, key, value, headers)))

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


def _failure(what: str, error: KafkaError) -> NotAcknowledged | NotGranted:
    """What a client's error means for an event."""
    if isinstance(error, TopicAuthorizationFailedError):
        return NotGranted(f"{what}: {error}")
    return NotAcknowledged(f"{what}: {error}")


def open_producer(settings: Writer, catalog: Mapping[str, Contract], **options: Any) -> EventProducer:
    """A producer on the settings' Kafka as its publishing user; `options` are kafka-python's. Raises BrokerUnavailable.

    For one that outlives an outage of Kafka see producers/spooled.py.
    """
    return EventProducer(connect(settings.kafka, **options), Registry(settings.registry_url), catalog, settings.signer)
