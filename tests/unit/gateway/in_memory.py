"""The gateway without servers: what it would hand to Kafka is taken by a list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from expectations import suite_files
from expectations.record_rules import rules_before_sending
from infra.access.clients import Client
from producers.client import Sent
from producers.encoder import EventEncoder
from producers.gateway.app import create_app
from producers.gateway.event_state_route import StateOf, event_state_routes
from producers.gateway.limits import GatewayLimits
from producers.gateway.run import with_adapters
from producers.gateway.surroundings import Surroundings
from producers.marketplaces.documented import webhook_ways
from producers.pseudonyms import PseudonymKeys
from producers.records import Record
from schemas.catalog import load_catalog
from schemas.example_files import load_examples
from schemas.usage.warehouse_rules import warehouse_rules
from schemas.versions import load_released

Answered = tuple[int, dict[str, str], bytes]

KEY = "hg_key"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
CLIENT = Client("so-mot", "Sở Một", frozenset({"*"}), ("H22*", "shopee:*", "fpt"))
UNBOUNDED = GatewayLimits(events_per_second=1e9, burst_events=1e9)


class KnownIds:
    """Schema ids without a registry: the number of the contract's version."""

    def known_id(self, contract: Any) -> int:
        return 100 + int(contract.version)

    id_of = known_id


@dataclass
class InMemory:
    """`records` are those that were handed over; all of them are acknowledged at once. `state_of` is the warehouse."""

    limits: GatewayLimits = UNBOUNDED
    client: Client = CLIENT
    records: list[Record] = field(default_factory=list)
    refusals: list[tuple[str, ...]] = field(default_factory=list)
    state_of: StateOf = lambda _event, _event_id: None
    app: Any = None

    def __post_init__(self) -> None:
        catalog, ids = load_catalog(), KnownIds()
        spool = SimpleNamespace(is_full=False, records=0, size=0, cut_bytes=0)
        producer: Any = SimpleNamespace(
            encoder=EventEncoder(catalog, ids), submit=self._submit, spool=spool, reaches_kafka=True
        )
        access: Any = SimpleNamespace(client_of_api_key=lambda key: self.client if key == KEY else None)
        refusals: Any = SimpleNamespace(refused=lambda *told: self.refusals.append(told))
        keys = PseudonymKeys({"household": {1: b"k" * 32}, "certificate": {1: b"c" * 32}})
        later = {event: warehouse_rules(suite_files.FOLDER, contract) for event, contract in catalog.items()}
        surroundings = Surroundings(
            catalog,
            load_released(),
            load_examples(),
            producer,
            ids,
            access,
            refusals,
            keys,
            self.limits,
            further=webhook_ways(),
            later=later,
            rules={event: rules_before_sending(contract) for event, contract in catalog.items()},
            now=lambda: NOW,
        )
        states = event_state_routes(surroundings, self.state_of)
        self.app = create_app(with_adapters(replace(surroundings, routers=[states])))

    def _submit(self, records: list[Record], on_done: Any) -> None:
        self.records += records
        on_done([Sent(record.topic, 0, len(self.records), record.event_id) for record in records])

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Status, headers and body of the answer to a POST; a path without a query asks for details."""
        return await self.ask("POST", path, body, headers)

    async def ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """The same of any method."""
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        told = {"authorization": f"Bearer {KEY}", "content-type": "application/json", **headers}
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode() or (b"wait=true" if method == "POST" else b""),
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in told.items()],
        }
        await self.app(scope, receive, send)
        headers_back = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers_back, sent[1]["body"]


def get(gateway: InMemory, path: str, **headers: str) -> Answered:
    """One GET in a loop of its own."""
    return asyncio.run(gateway.ask("GET", path, b"", headers))


def post(gateway: InMemory, path: str, body: bytes, **headers: str) -> Answered:
    """One request in a loop of its own."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(gateway.post(path, body, told))
