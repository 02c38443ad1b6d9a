"""Clients granted for a test, and writers that publish as they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

from kafka import KafkaProducer

from infra.access.administer import Office, grant, revoke
from infra.access.connect import open_access
from infra.access.credentials import ClientCredentials
from infra.access.wishes import Wish
from infra.kafka.admin import open_admin
from infra.settings import Login, Settings
from schemas.contract import Contract
from schemas.signature import signed_headers
from tests.component.landing.place import Place, options


@contextmanager
def office_of(settings: Settings, catalog: Mapping[str, Contract]) -> Iterator[Office]:
    engine = open_access(settings.warehouse.owner_url)
    try:
        yield Office(engine, settings, catalog, lambda: open_admin(settings.kafka), "a test")
    finally:
        engine.dispose()


@contextmanager
def new_client(office: Office, events: list[str], sources: list[str]) -> Iterator[ClientCredentials]:
    """A new agency with these rights, revoked at the end."""
    name = f"agency-{uuid4().hex[:8]}"
    made = grant(office, Wish(name, "Sở Thử nghiệm", "agency", events, sources))
    assert made is not None
    try:
        yield made
    finally:
        revoke(office, name)


class Writer:
    """A client of another make: it knows Kafka, and how to sign."""

    def __init__(self, settings: Settings, made: ClientCredentials, login: Login | None = None) -> None:
        self._made = made
        own = Login(made.kafka_user, made.kafka_password)
        self._producer = KafkaProducer(
            **options(settings, login or own),
            acks="all",
            linger_ms=0,
            enable_idempotence=True,
            max_block_ms=10_000,
            bootstrap_timeout_ms=2_000,
        )

    def write(self, topic: str, value: bytes, key: bytes = b"key") -> None:
        """Publish to partition 0 and wait; raises KafkaError."""
        headers = signed_headers(self._made.client, bytes.fromhex(self._made.signing_key), topic, key, value)
        self._producer.send(topic, partition=0, key=key, value=value, headers=headers).get(timeout=20)

    def close(self) -> None:
        self._producer.close(timeout=1)


@contextmanager
def writer(place: Place, made: ClientCredentials, login: Login | None = None) -> Iterator[Writer]:
    """On the client's own connection, or on another user's."""
    opened = Writer(place.settings, made, login)
    try:
        yield opened
    finally:
        opened.close()
