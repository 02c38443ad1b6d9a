"""The gateway's application on a real Kafka, asked without a network; its access list is told by the test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from infra.access.clients import Client
from infra.settings import Settings
from producers.encoder import EventEncoder
from producers.gateway.app import create_app
from producers.gateway.run import with_adapters
from producers.gateway.surroundings import Surroundings
from producers.kafka_connection import connect_impatiently
from producers.pseudonyms import ensure_keys, purposes_of
from producers.schema_ids import KeptIds
from producers.spool.spool import Spool
from producers.spooled import SpooledProducer
from schemas.catalog import load_catalog
from schemas.registry import Registry
from tests.component.landing.place import wait_until

DOCUMENTS = frozenset({"document_sent", "document_status_changed"})
PROGRAMME = frozenset({"cooperation_task_updated", "project_status_changed"})
CLIENTS = {
    "key-of-department-5": Client("so-05", "Sở Mẫu", DOCUMENTS | {"dossier_status_changed"}, ("H22.05",)),
    "key-of-province": Client("tinh", "UBND tỉnh", frozenset({"*"}), ("H22*",)),
    "key-of-fpt": Client("fpt", "FPT", PROGRAMME, ("fpt",)),
}


class Access:
    """Those clients by their keys."""

    def client_of_api_key(self, api_key: str) -> Client | None:
        return CLIENTS.get(api_key)


@dataclass
class Refusals:
    """What was refused, as (actor, reason)."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def refused(self, actor: str, subject: str, reason: str) -> None:
        self.found.append((actor, reason))


@dataclass(frozen=True)
class Gateway:
    app: FastAPI
    refusals: Refusals

    def post(self, path: str, body: bytes | str, key: str | None) -> httpx.Response:
        """The answer to a POST with that API key."""
        return asyncio.run(self._post(path, body, {} if key is None else {"Authorization": f"Bearer {key}"}))

    async def _post(self, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.post(path, content=body, headers=headers)


@contextmanager
def gateway_on(servers: Settings, folder: Path) -> Iterator[Gateway]:
    """A gateway with a spool and pseudonym keys of its own."""
    catalog, refusals = load_catalog(), Refusals()
    ids = KeptIds(Registry(servers.registry_url), folder / "spool" / "schema-ids.json")
    keys = ensure_keys(folder / "keys.json", purposes_of(catalog.values()))
    spool, connect = Spool(folder / "spool"), partial(connect_impatiently, servers.kafka)
    topics = [each.topic for each in catalog.values()]
    for contract in catalog.values():
        ids.hear([contract])
    with SpooledProducer(EventEncoder(catalog, ids), spool, connect, topics) as producer:
        wait_until(lambda: producer.reaches_kafka)
        given = Surroundings(catalog, {}, {}, producer, ids, Access(), refusals, keys)
        yield Gateway(create_app(with_adapters(given)), refusals)
