"""Each way in, used as a client uses it: what it is told of each event, in one word."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
from sqlalchemy import insert, select

from infra.settings import Login, Settings, Signer
from producers.client import EventProducer, NotGranted, open_producer
from producers.files.drop import open_drop
from producers.files.drop_results import RESULTS
from producers.files.importing import prepare_import, send_file
from producers.files.mapping import find_mapping, parse_mapping
from producers.files.tally import Tally
from producers.kafka_connection import BrokerUnavailable
from producers.outbox.relay import Relay
from producers.outbox.tables import State, metadata, outbox
from schemas.catalog import load_catalog
from schemas.codec import prepare
from tests.acceptance.platform import Platform, example
from tests.databases import own_database
from tests.edxml_samples import DOCUMENT
from tests.sync_records import sync_record
from tests.unit.files.written_files import TOURISM, visit, write_csv

CATALOG = load_catalog()
TAKEN = "taken"
DOSSIER, DOCUMENTS, VISITS = "dossier_status_changed", "document_sent", "tourism_visit_reported"
TRAINING = "training_session_held"
# The mapping of a file says for whom it speaks.
MAPPED_SOURCE = str(find_mapping("tourism").fields["source"].value)
_NAMESPACE = UUID("5b0c5a4e-4d1c-4c44-9d0a-0c6a6e7f6a10")


@dataclass(frozen=True)
class Cell:
    """One event that a client tries to write; `number` tells it from all others."""

    number: int
    way: str
    client: str
    event: str
    source: str

    def __str__(self) -> str:
        return f"{self.way:12} {self.client:8} {self.event:24} {self.source}"

    @property
    def event_id(self) -> str:
        return str(uuid5(_NAMESPACE, str(self.number)))

    @property
    def mark(self) -> str:
        """The value of the event's key field."""
        return {
            DOSSIER: f"H22.05-210621-{900_000 + self.number}",
            DOCUMENTS: f"000.00.{self.source[-2:]}.H22,2021/06/23,{self.number + 1000}/STP-VP",
            VISITS: f"CELL-{self.number}",
            TRAINING: f"DT-2021-{10_000 + self.number}",
        }[self.event]

    @property
    def payload(self) -> dict[str, Any]:
        """The event as JSON."""
        shown = {DOSSIER: "submitted_online", TRAINING: "leaders"}[self.event]
        key = CATALOG[self.event].key
        return {**example(self.event, shown), "event_id": self.event_id, "source": self.source, key: self.mark}


@dataclass(frozen=True)
class Client:
    """A platform, and what `hagiang access grant` has handed out."""

    platform: Platform
    variables: Mapping[str, str]
    folder: Path

    @property
    def settings(self) -> Settings:
        """The platform's addresses with this client's login to Kafka and its signature."""
        given = self.platform.settings
        login = Login(self.variables["KAFKA_PUBLISHER_USER"], self.variables["KAFKA_PUBLISHER_PASSWORD"])
        signer = Signer(self.variables["HAGIANG_CLIENT"], bytes.fromhex(self.variables["HAGIANG_SIGNING_KEY"]))
        return replace(given, kafka=replace(given.kafka, publisher=login), signer=signer)

    def post(self, path: str, body: bytes, content_type: str) -> str:
        """What the gateway says: `taken`, or the reason it gives."""
        headers = {"authorization": f"Bearer {self.variables['HAGIANG_API_KEY']}", "content-type": content_type}
        url = f"{self.platform.settings.gateway.url}{path}"
        answer = httpx.post(url, content=body, headers=headers, timeout=60)
        if answer.status_code == 202:
            return TAKEN
        told = answer.json()
        if told["type"].endswith("no-key"):
            return "no-key"
        assert answer.status_code == 403, answer.text
        return str(told["errors"][0]["rule"]) if "errors" in told else "event_not_granted"

    def with_producer(self, work: Callable[[EventProducer], dict[Cell, str]], cells: Sequence[Cell]) -> dict[Cell, str]:
        """What becomes of the cells when they are written straight to Kafka."""
        try:
            with open_producer(self.settings, CATALOG, bootstrap_timeout_ms=2_000) as producer:
                return work(producer)
        except BrokerUnavailable:
            return dict.fromkeys(cells, "login_refused")


Way = Callable[[Client, Sequence[Cell]], dict[Cell, str]]


def by_json(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    return {cell: client.post(_path(cell), _json(cell.payload), "application/json") for cell in cells}


def by_cloud_event(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def wrapped(cell: Cell) -> dict[str, Any]:
        attributes = {"specversion": "1.0", "id": cell.event_id, "source": "/any", "data": cell.payload}
        return {**attributes, "type": f"vn.hagiang.{CATALOG[cell.event].topic}"}

    return {cell: client.post(_path(cell), _json(wrapped(cell)), "application/cloudevents+json") for cell in cells}


def by_avro(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    codecs = {event: prepare(CATALOG[event]) for event in {cell.event for cell in cells}}
    return {
        cell: client.post(_path(cell), codecs[cell.event].encode(cell.payload), "application/avro") for cell in cells
    }


def by_edxml(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def message(cell: Cell) -> str:
        sender, number = f"000.00.{cell.source[-2:]}.H22", str(cell.number + 1000)
        return DOCUMENT.replace("000.00.05.H22", sender).replace("267", number, 1).replace("267/STP", f"{number}/STP")

    return {cell: client.post("/edxml", message(cell).encode(), "application/xml") for cell in cells}


def by_dossier_sync(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def posted(cell: Cell) -> str:
        record = _json([sync_record(MaHoSo=cell.mark)])
        return client.post(f"/dossier-sync?source={cell.source}", record, "application/json")

    return {cell: posted(cell) for cell in cells}


def by_programme(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    path = "/partners/fpt/programme"
    return {
        cell: client.post(path, _json([{"event": cell.event, **cell.payload}]), "application/json") for cell in cells
    }


def by_kafka(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def send(producer: EventProducer) -> dict[Cell, str]:
        return {cell: _sent(producer, cell) for cell in cells}

    return client.with_producer(send, cells)


def by_outbox(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def relay(producer: EventProducer) -> dict[Cell, str]:
        with own_database(client.platform.settings) as agency:
            metadata.create_all(agency)
            rows = [{"event_id": c.event_id, "event": c.event, "payload": json.dumps(c.payload)} for c in cells]
            with agency.begin() as connection:
                connection.execute(insert(outbox), rows)
            Relay(agency, producer.send, "a test").drain()
            with agency.connect() as connection:
                states = {row.event_id: row.state for row in connection.execute(select(outbox))}
        refused = {True: "denied_by_kafka", False: TAKEN}
        return {cell: refused[states[cell.event_id] == State.REFUSED] for cell in cells}

    return client.with_producer(relay, cells)


def by_import(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    def imported(producer: EventProducer) -> dict[Cell, str]:
        return {cell: _imported(producer, cell, client.folder) for cell in cells}

    return client.with_producer(imported, cells)


def by_dropping(client: Client, cells: Sequence[Cell]) -> dict[Cell, str]:
    """Files for the next run of the DAG; `dropped` reads what became of them."""
    for cell in cells:
        key = f"clients/{client.variables['KAFKA_PUBLISHER_USER']}/tourism/{cell.number}.csv"
        open_drop(client.platform.settings.lake).put(key, _file(cell, client.folder).read_bytes())
    return {}


def dropped(platform: Platform, cells: Sequence[Cell]) -> dict[Cell, str]:
    """What the results of dropped files say."""
    drop = open_drop(platform.settings.lake)
    results = {key: json.loads(drop.get(key)) for key in drop.list_after(RESULTS) if key.endswith(".json")}
    found = {result["key"].rpartition("/")[2]: result for result in results.values()}
    return {cell: _outcome(found[f"{cell.number}.csv"]) for cell in cells}


def _outcome(result: Mapping[str, Any]) -> str:
    if result["outcome"] == "imported":
        return TAKEN
    if result["by_rule"]:
        return str(result["by_rule"][0]["rule"])
    return "unknown_client" if "no client" in result["message"] else "event_not_granted"


def _path(cell: Cell) -> str:
    return f"/events/{CATALOG[cell.event].topic}"


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _sent(producer: EventProducer, cell: Cell) -> str:
    try:
        producer.send(cell.event, cell.payload).result()
    except NotGranted:
        return "denied_by_kafka"
    return TAKEN


def _imported(producer: EventProducer, cell: Cell, folder: Path) -> str:
    text = find_mapping("tourism").text.replace(f'value = "{MAPPED_SOURCE}"', f'value = "{cell.source}"')
    mapping = parse_mapping(text, folder / "own.toml")
    try:
        work = prepare_import(_file(cell, folder), mapping, CATALOG)
        send_file(work, producer.send, Tally(), lambda _rows, _share: None)
    except NotGranted:
        return "denied_by_kafka"
    return TAKEN


def _file(cell: Cell, folder: Path) -> Path:
    return write_csv(folder / f"{cell.number}.csv", [TOURISM, visit(c1=cell.mark)])
