"""`POST /events/<domain>.<event>`: JSON alone and in batches, CloudEvents, Avro."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import orjson

from infra.demo.ways.http import gateway_as, post
from infra.demo.ways.way import SPOILED, Desk, Handed
from producers.simulator.foreign.message import Message
from producers.simulator.record import Event
from schemas.codec import prepare
from schemas.contract import NAMESPACE, Contract

BATCH = 500
FOREIGN = "H22.01"
"""A source that none of the demo's clients may speak for."""

Body = Callable[[Contract, Sequence[Event]], bytes]
"""What is posted for these events."""


def json_singly(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A JSON object a request."""
    return _post_all(desk, messages, "application/json", 1, lambda _, events: orjson.dumps(events[0]))


def json_batches(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A JSON list a request."""
    return _post_all(desk, messages, "application/json", BATCH, lambda _, events: orjson.dumps(events))


def cloud_events(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A list of CloudEvents a request."""
    return _post_all(desk, messages, "application/cloudevents-batch+json", BATCH, _cloud_events)


def avro_singly(desk: Desk, messages: Sequence[Message]) -> Handed:
    """An Avro datum a request."""
    codecs = {contract.event: prepare(contract) for contract in desk.catalog.values()}

    def datum(contract: Contract, events: Sequence[Event]) -> bytes:
        return codecs[contract.event].encode(events[0])

    return _post_all(desk, messages, "application/avro", 1, datum)


def _post_all(desk: Desk, messages: Sequence[Message], media_type: str, at_once: int, body: Body) -> Handed:
    """The events, `at_once` a request, and SPOILED more in the name of another source."""
    total = Handed()
    spoiled = [Message(each.record, {**each.content, "source": FOREIGN}) for each in messages[:SPOILED]]
    with gateway_as(desk) as http:
        for contract, events in _requests(desk, [*messages, *spoiled], at_once):
            path = f"/events/{contract.topic}"
            total += post(http, path, body(contract, events), media_type, len(events))
            desk.on_message(len(events))
    return total


def _requests(desk: Desk, messages: Sequence[Message], at_once: int) -> Iterator[tuple[Contract, Sequence[Event]]]:
    """Events of one contract each, in their order."""
    for event, told in groupby(messages, lambda message: message.record.event):
        events = [message.content for message in told]
        for start in range(0, len(events), at_once):
            yield desk.catalog[event], events[start : start + at_once]


def _cloud_events(contract: Contract, events: Sequence[Event]) -> bytes:
    """What the attributes of a CloudEvent say is left out of its data."""
    said = {"event_id": "id", "source": "source", "occurred_at": "time"}
    envelope = {"specversion": "1.0", "type": f"{NAMESPACE}.{contract.topic}", "datacontenttype": "application/json"}
    return orjson.dumps(
        [
            {
                **envelope,
                **{attribute: event[field] for field, attribute in said.items()},
                "data": {name: value for name, value in event.items() if name not in said},
            }
            for event in events
        ]
    )
