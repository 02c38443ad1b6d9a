"""An agency's database: its system writes events into an outbox, and a relay publishes them as the agency's client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Engine, delete, insert

from infra.demo.ways.way import SPOILED, Desk, Handed
from infra.local.agency_database import ensure_agency_database
from infra.settings import Login, Settings, Signer
from producers.client import open_producer
from producers.outbox.database import open_outbox
from producers.outbox.relay import Relay, RelayLimits
from producers.outbox.tables import metadata, outbox
from producers.simulator.foreign.message import Message
from producers.simulator.record import Event

DATABASE = "demo_agency"
HOLDER = "demo"
DELETED_AT_ONCE = RelayLimits(keep_days=0)


def outbox_relay(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A row an event; the spoiled ones tell a time that is none."""
    rows = list(_rows(messages))
    database = open_outbox(ensure_agency_database(desk.settings.home, DATABASE))
    try:
        _write(database, rows)
        desk.on_message(len(rows))
        settings = settings_of(desk.settings, desk.credentials)
        with open_producer(settings, desk.catalog) as producer:
            relay = Relay(database, producer.send, HOLDER, DELETED_AT_ONCE)
            relay.drain()
    finally:
        database.dispose()
    return Handed(relay.published + relay.refused, relay.refused)


def settings_of(settings: Settings, variables: Mapping[str, str]) -> Settings:
    """What a client of the platform is set to: its own login to Kafka and its own signature."""
    login = Login(variables["KAFKA_PUBLISHER_USER"], variables["KAFKA_PUBLISHER_PASSWORD"])
    signer = Signer(variables["HAGIANG_CLIENT"], bytes.fromhex(variables["HAGIANG_SIGNING_KEY"]))
    return replace(settings, kafka=replace(settings.kafka, publisher=login), signer=signer)


def _rows(messages: Sequence[Message]) -> Iterator[dict[str, Any]]:
    for message in messages:
        yield _row(message, message.content)
    for message in messages[:SPOILED]:
        yield _row(message, {**message.content, "occurred_at": "hôm qua"})


def _row(message: Message, event: Event) -> dict[str, Any]:
    payload = orjson.dumps(event).decode()
    return {"event_id": event["event_id"], "event": message.record.event, "payload": payload}


def _write(database: Engine, rows: Sequence[dict[str, Any]]) -> None:
    """As the agency's system would, in its own transaction; what an earlier run left is taken away."""
    metadata.create_all(database)
    with database.begin() as connection:
        connection.execute(delete(outbox))
        connection.execute(insert(outbox), rows)
