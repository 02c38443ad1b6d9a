"""Messages in other systems' formats mean the events that are expected of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from producers.dossier_sync.records import SyncSource
from producers.dossier_sync.records import translate as translate_dossier
from producers.edxml.messages import translate as translate_edxml
from producers.files.mapping import find_mapping
from producers.marketplaces.lazada_orders import read_items
from producers.marketplaces.orders import event_of
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.shopee_orders import read_order
from producers.marketplaces.shops import Shop
from producers.simulator.foreign import dossier_sync, edxml, files, orders
from producers.simulator.foreign.message import Message
from producers.simulator.places import load_places
from producers.simulator.platforms.pushes import Pusher
from producers.simulator.record import Event, Record
from producers.simulator.scenario import make_scenario
from schemas.catalog import load_catalog
from schemas.codec import prepare
from tests.unit.files.written_files import events_in


@pytest.fixture(scope="module")
def good() -> list[Record]:
    return [record for record in make_scenario(7, 6000, load_places()) if record.form == "event"]


def edxml_event(message: Message) -> Event:
    return dict(translate_edxml(message.content, lambda *_: "", synthetic=True).event)


def dossier_event(message: Message) -> Event:
    return dict(translate_dossier(message.content, SyncSource(synthetic=True)).event)


FORMATS = [
    (lambda record: record.event == edxml.SENT and edxml.can_say(record), edxml.message_of, edxml_event),
    (lambda record: record.event == edxml.STATUS and edxml.can_say(record), edxml.message_of, edxml_event),
    (lambda record: record.event == dossier_sync.EVENT, dossier_sync.message_of, dossier_event),
]
UNTOLD = {"event_id", "previous_status", "previous_status_code", "refusal_reason", *dossier_sync.UNTOLD}
"""What these formats cannot say; all else must come through."""


@pytest.mark.parametrize(("takes", "tell", "read"), FORMATS)
def test_a_message_means_the_event_that_is_expected(
    good: list[Record],
    takes: Callable[[Record], bool],
    tell: Callable[[Record], Message],
    read: Callable[[Message], Event],
) -> None:
    records = [record for record in good if takes(record)]
    assert len(records) > 100
    for record in records:
        message = tell(record)
        assert read(message) == message.record.body
        assert kept(message.record.body) == kept(record.body)


def kept(body: Event) -> Event:
    """What a format must keep; it may round times down to the second."""
    found = {name: value for name, value in body.items() if name not in UNTOLD}
    return {name: value.replace(microsecond=0) if hasattr(value, "hour") else value for name, value in found.items()}


@pytest.mark.parametrize("platform", ["shopee", "lazada"])
def test_a_push_and_its_order_mean_the_event_that_is_expected(good: list[Record], platform: str) -> None:
    records = [record for record in good if orders.can_say(platform, record)]
    assert len(records) > 10
    for record in records:
        message = orders.message_of(record)
        told = message.content
        push = told.pushed_by(Pusher("key", "secret", told.shop, sent=1e9))
        change = PLATFORMS[platform].read_push(push.body)
        assert change
        shop = Shop(platform, told.shop, record.body["seller_commune_code"], synthetic=True)
        read = {"shopee": read_order, "lazada": partial(read_items, line_id=change.line_id, state=change.state)}
        order = read[platform](told.order)
        assert event_of(change, order, shop, PLATFORMS[platform].states) == message.record.body
        lines = [{**line, "ocop_stars": None} for line in record.body["lines"]]
        assert kept(message.record.body) == kept({**record.body, "lines": lines})


@pytest.mark.parametrize(("mapping", "write"), [("tourism", files.csv_of), ("network_coverage", files.xlsx_of)])
def test_a_file_means_the_events_that_are_expected(
    good: list[Record], tmp_path: Path, mapping: str, write: Callable[[list[files.Row]], bytes]
) -> None:
    work = find_mapping(mapping)
    messages = [files.message_of(mapping, record) for record in unique(good, work.event)]
    assert len(messages) > 10
    path = tmp_path / "report"
    path.write_bytes(write([message.content for message in messages]))
    codec = prepare(load_catalog()[work.event])
    imported = [codec.encode(event) for event in events_in(path, mapping)]
    assert imported == [codec.encode(message.record.body) for message in messages]


def unique(records: list[Record], event: str) -> list[Record]:
    """Each event once: a row that is repeated in a file is another row."""
    return list({each.body["event_id"]: each for each in records if each.event == event}.values())


def test_a_repeated_event_is_the_same_message(good: list[Record]) -> None:
    dossiers = [record for record in good if record.event == dossier_sync.EVENT]
    later = dossiers[0].as_told(
        {**dossiers[0].body, "occurred_at": dossiers[0].body["occurred_at"] + timedelta(hours=1)}
    )
    first, again, other = map(dossier_sync.message_of, (dossiers[0], dossiers[0], later))
    assert first == again
    assert other.record.body["event_id"] != first.record.body["event_id"]


def test_signed_and_paper_documents_are_not_told_by_edxml(good: list[Record]) -> None:
    documents = [record for record in good if record.event == edxml.SENT]
    assert {bool(record.body["signatures"]) for record in documents if not edxml.can_say(record)} == {True, False}
    assert all(record.body["is_electronic"] for record in documents if edxml.can_say(record))
