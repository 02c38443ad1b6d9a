"""Straight to Kafka through the SDK; troubles as the bytes that a broken publisher would send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from infra.demo.ways.way import SPOILED, Handed
from infra.settings import Settings
from producers.client import EventProducer, open_producer
from producers.simulator.publish import publish_records
from producers.simulator.record import Record
from producers.simulator.wire_forms import open_wire_forms
from schemas.codec import EventInvalid
from schemas.contract import Contract
from schemas.registry import Registry
from schemas.versions import load_released

NAME = "SDK, straight to Kafka"


def publish(
    settings: Settings, catalog: Mapping[str, Contract], records: Sequence[Record], on_record: Callable[[], None]
) -> Handed:
    """Send them all; raises NotAcknowledged, BrokerUnavailable, RegistryUnavailable."""
    forms = open_wire_forms(Registry(settings.registry_url), catalog, load_released())
    with open_producer(settings, catalog) as producer:
        sent = publish_records(producer, forms, catalog, records, on_record)
        refused = sum(_is_refused(producer, catalog, record) for record in spoilable(records))
    return Handed(sent + len(spoilable(records)), refused)


def spoilable(records: Iterable[Record]) -> list[Record]:
    """The events that are sent once more, spoiled."""
    return [record for record in records if record.form == "event"][:SPOILED]


def _is_refused(producer: EventProducer, catalog: Mapping[str, Contract], record: Record) -> bool:
    """Whether the SDK refuses the event when it lacks its key."""
    try:
        producer.send(record.event, {**record.body, catalog[record.event].key: None}).result()
    except EventInvalid:
        return True
    return False
