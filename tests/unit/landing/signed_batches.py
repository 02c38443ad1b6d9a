"""Batches of `society.visit` whose records are signed, and rights held in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka.record.util import encode_varint

from consumers.landing.authors import AuthorCheck
from consumers.landing.records import OpenBatch
from infra.access.connect import AccessUnavailable
from infra.access.rights import Period, Rights, Snapshot
from infra.access.view import AccessView
from schemas.signature import signed_headers, signing_key_of
from schemas.wire import frame
from tests.unit.lake.made_files import SCHEMA, encoded, visit
from tests.unit.landing.made_batches import OURS, TOPIC, batch_of

MASTER = b"the master secret"
EVENT = "visit"
SOURCED = {**SCHEMA, "fields": [*SCHEMA["fields"], {"name": "source", "type": "string"}]}


@dataclass(frozen=True)
class Written:
    """A record of a client; `key` and `value` are what is signed."""

    value: bytes
    client: str = "a@1"
    extra: Sequence[tuple[str, bytes]] = ()


def sourced(number: int, source: str) -> bytes:
    return frame(OURS, encoded({**visit(number), "source": source}, SOURCED))


def wire(headers: Sequence[tuple[str, bytes | None]]) -> bytes:
    """Headers as Kafka carries them."""
    raw = bytearray()
    encode_varint(len(headers), raw.append)
    for name, value in headers:
        encode_varint(len(name.encode()), raw.append)
        raw += name.encode()
        encode_varint(-1 if value is None else len(value), raw.append)
        raw += value or b""
    return bytes(raw)


def headers_of(written: Written, key: bytes, topic: str = TOPIC) -> list[tuple[str, bytes]]:
    signing_key = signing_key_of(MASTER, written.client)
    return signed_headers(written.client, signing_key, topic, key, written.value, written.extra)


def signed_batch(records: Sequence[Written], from_offset: int = 0) -> OpenBatch:
    """As batch_of: the Kafka timestamp is the offset times ten."""
    batch = batch_of([written.value for written in records], from_offset)
    batch.headers = [wire(headers_of(written, key or b"")) for written, key in zip(records, batch.keys, strict=True)]
    return batch


def rights(
    name: str = "a",
    *,
    keys: Mapping[int, Period] | None = None,
    events: Mapping[str, tuple[Period, ...]] | None = None,
    sources: Mapping[str, tuple[Period, ...]] | None = None,
) -> Rights:
    """Since ever: the event `visit`, the source `H22.05`, one key."""
    always = Period(-(10**9))
    return Rights(name, name, keys or {1: always}, events or {EVENT: (always,)}, sources or {"H22.05": (always,)})


class Database:
    """What the view reads: `rights` may be changed, and `away` set."""

    def __init__(self, *held: Rights) -> None:
        self.held = list(held)
        self.away = False
        self.asked = 0
        self.as_of = 0

    def read(self, _known: Snapshot | None) -> Snapshot:
        self.asked += 1
        if self.away:
            raise AccessUnavailable("away")
        by_name = {each.name: each for each in self.held}
        clients = {name: client for name, each in by_name.items() if (client := each.now())}
        return Snapshot(self.asked, self.as_of, by_name, clients, {})


def check_against(database: Database) -> AuthorCheck:
    return AuthorCheck(AccessView(database.read, lambda: None), MASTER)


def reasons(refused: Mapping[int, Any]) -> dict[int, str]:
    return {row: refusal.reason.value for row, refusal in sorted(refused.items())}
