"""The gateway without servers: what it would hand to Kafka is taken by a list."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from expectations import suite_files
from infra.access.clients import Client
from producers.client import Sent
from producers.encoder import EventEncoder
from producers.gateway.app import create_app
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

KEY = "hg_key"
CLIENT = Client("so-mot", "Sở Một", frozenset({"*"}), ("H22*", "shopee:*", "fpt"))
UNBOUNDED = GatewayLimits(events_per_second=1e9, burst_events=1e9)


class KnownIds:
    """Schema ids without a registry: the number of the contract's version."""

    def known_id(self, contract: Any) -> int:
        return 100 + int(contract.version)

    id_of = known_id


@dataclass
class InMemory:
    """`records` are those that were handed over; all of them are acknowledged at once."""

    limits: GatewayLimits = UNBOUNDED
    client: Client = CLIENT
    records: list[Record] = field(default_factory=list)
    refusals: list[tuple[str, ...]] = field(default_factory=list)
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
        )
        self.app = create_app(with_adapters(surroundings))

    def _submit(self, records: list[Record], on_done: Any) -> None:
        self.records += records
        on_done([Sent(record.topic, 0, len(self.records), record.event_id) for record in records])

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to a POST; a path without a query asks for details."""
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        told = {"authorization": f"Bearer {KEY}", "content-type": "application/json", **headers}
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": query.encode() or b"wait=true",
            "headers": [(name.encode(), value.encode("latin-1", "replace")) for name, value in told.items()],
        }
        await self.app(scope, receive, send)
        headers_back = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers_back, sent[1]["body"]


def post(gateway: InMemory, path: str, body: bytes, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """One request in a loop of its own."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return asyncio.run(gateway.post(path, body, told))
