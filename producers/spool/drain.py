"""From the spool to Kafka: one chunk of records, all confirmed or the chunk stays."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer
from kafka.errors import (
    InvalidRecordError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
)

from producers.kafka_connection import BrokerUnavailable
from producers.records import unpack

log = logging.getLogger(__name__)

CHUNK_SECONDS = 10.0
CLOSE_SECONDS = 8.0
_REFUSALS = (InvalidRecordError, InvalidTopicError, MessageSizeTooLargeError, RecordListTooLargeError)


@dataclass
class Drained:
    """How many records of the spool have reached Kafka, and how many Kafka will never take."""

    records: int = 0
    refused: int = 0


def is_refusal(error: Exception) -> bool:
    """Whether Kafka refused this very record, so that to send it again is no use; anything else may pass."""
    return isinstance(error, _REFUSALS)


def drain_chunk(
    kafka: KafkaProducer, payloads: Sequence[bytes], drained: Drained, set_aside: Callable[[bytes], None]
) -> None:
    """Send packed records in their order and wait until Kafka has them all; one it refuses is set aside.

    Raises KafkaError, BrokerUnavailable: some may have been sent, and all must be sent again.
    """
    futures = [_send(kafka, payload) for payload in payloads]
    kafka.flush(timeout=CHUNK_SECONDS)
    for payload, future in zip(payloads, futures, strict=True):
        error = future if isinstance(future, Exception) else _error_of(future)
        if error is None:
            drained.records += 1
        elif is_refusal(error):
            drained.refused += 1
            set_aside(payload)
            refused = {"action": "spooled_refused", "topic": unpack(payload).topic, "found": type(error).__name__}
            log.error("Kafka refused a record of the spool, which was set aside", extra=refused)
        else:
            raise BrokerUnavailable(f"not confirmed: {type(error).__name__} {error}")


def dispose(kafka: KafkaProducer) -> None:
    """Close a producer whose records nobody waits for any more."""
    try:
        kafka.close(timeout=CLOSE_SECONDS)
    except KafkaError as error:
        log.info("A producer was left", extra={"action": "producer_left", "found": str(error)})


def _send(kafka: KafkaProducer, payload: bytes) -> Any:
    """kafka-python's future, or the error when the record itself is refused at once."""
    record = unpack(payload)
    try:
        return kafka.send(record.topic, record.value, record.key, list(record.headers))
    except KafkaError as error:
        if is_refusal(error):
            return error
        raise


def _error_of(future: Any) -> Exception | None:
    if not future.is_done:
        return BrokerUnavailable("no word on a record")
    found: Exception | None = future.exception
    return found
