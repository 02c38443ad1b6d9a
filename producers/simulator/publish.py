"""Publishes a scenario: good events through the SDK, troubles as the bytes a broken publisher would send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from producers.client import EventProducer
from producers.simulator.record import Record
from producers.simulator.wire_forms import WireForms
from schemas.contract import Contract


def publish_records(
    producer: EventProducer,
    forms: WireForms,
    catalog: Mapping[str, Contract],
    records: Iterable[Record],
    on_record: Callable[[], None],
) -> int:
    """Sends the records in their order and waits for Kafka's confirmation of all; returns how many there were.

    Raises NotAcknowledged when one was not confirmed.
    """
    futures: list[Any] = []
    for record in records:
        futures.append(_send(producer, forms, catalog[record.event], record))
        on_record()
    producer.flush()
    for future in futures:
        future.get(timeout=0)
    return len(futures)


def _send(producer: EventProducer, forms: WireForms, contract: Contract, record: Record) -> Any:
    if record.form == "event":
        return producer.send(record.event, record.body).future
    return producer.send_bytes(contract.topic, str(record.body[contract.key]).encode(), forms.value(record))
