"""Other systems' formats over HTTP: edXML, the dossier synchronisation, FPT's programme."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from infra.demo.ways.http import gateway_as, post
from infra.demo.ways.way import SPOILED, Desk, Handed
from producers.simulator.foreign.message import Message
from producers.simulator.record import Record

LISTED = 500
"""Items a request."""
_MARKED = "true"


def edxml(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A message a request; the spoiled ones hide an entity."""
    bodies = [message.content for message in messages]
    bodies += [b'<!DOCTYPE edXML [<!ENTITY a "b">]>' + _undeclared(body) for body in bodies[:SPOILED]]
    total = Handed()
    with gateway_as(desk) as http:
        for body in bodies:
            total += post(http, "/edxml", body, "application/xml", synthetic=_MARKED)
            desk.on_message(1)
    return total


def dossier_sync(desk: Desk, messages: Sequence[Message]) -> Handed:
    """Lists of sync records; the spoiled ones are in a state that there is not."""
    items = [message.content for message in messages]
    return _post_lists(desk, "/dossier-sync", items, lambda item: {**item, "TrangThaiHoSo": "11"})


def programme(desk: Desk, messages: Sequence[Message]) -> Handed:
    """Lists of reports; the spoiled ones are of no event of the programme."""
    items = [message.content for message in messages]
    return _post_lists(desk, "/partners/fpt/programme", items, lambda item: {**item, "event": "portal_checked"})


def programme_item(record: Record) -> Message:
    """The event as the programme's feed has it."""
    return Message(record, {"event": record.event, **record.body})


def _post_lists(desk: Desk, path: str, items: list[Any], spoil: Callable[[Any], Any]) -> Handed:
    items = [*items, *map(spoil, items[:SPOILED])]
    total = Handed()
    with gateway_as(desk) as http:
        for start in range(0, len(items), LISTED):
            some = items[start : start + LISTED]
            total += post(http, path, orjson.dumps(some), "application/json", len(some), synthetic=_MARKED)
            desk.on_message(len(some))
    return total


def _undeclared(body: bytes) -> bytes:
    """Without the XML declaration, which has to stand first."""
    return body.partition(b"?>")[2]
