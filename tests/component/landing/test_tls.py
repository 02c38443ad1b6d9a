"""A broker with a certificate of its own: the SDK publishes, landing reads, and nobody talks to it in the clear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaProducer
from kafka.errors import KafkaError

from infra.local.certificates import certificates_in, ensure_certificates
from infra.settings import Kafka, Settings
from producers.client import open_producer
from tests import local_stack
from tests.component.landing.place import Place, new_place
from tests.component.landing.running import land_until


@pytest.fixture
def secured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kafka]:
    """A broker that speaks TLS alone."""
    monkeypatch.setenv("HAGIANG_TLS", "on")
    home = tmp_path / "secured"
    try:
        yield local_stack.start(home, ("kafka",)).kafka
    finally:
        local_stack.stop(home)


@pytest.fixture
def place(servers: Settings, secured: Kafka, tmp_path: Path) -> Iterator[Place]:
    with new_place(replace(servers, kafka=secured), tmp_path) as place:
        yield place


def test_events_take_their_way_over_tls_and_in_the_clear_there_is_none(place: Place, tmp_path: Path) -> None:
    kafka = place.settings.kafka
    assert kafka.security_protocol == "SASL_SSL"
    assert kafka.ssl_cafile is not None
    event = {"occurred_at": "2026-11-01T08:00:00Z", "source": "H22.07", "synthetic": True, "place": "Mèo Vạc"}
    with open_producer(place.settings, place.catalog()) as producer:
        for _ in range(20):
            producer.send(place.contract.event, event)
    land_until(place, 20)
    assert sum(batch.records - batch.rejected for number in range(2) for batch in place.batches(number)) == 20
    strangers = certificates_in(tmp_path)
    ensure_certificates(strangers, "127.0.0.1", datetime.now(UTC))
    for wrong in (
        replace(kafka, security_protocol="SASL_PLAINTEXT"),
        replace(kafka, ssl_cafile=str(strangers.authority)),
        replace(kafka, ssl_cafile=None),
    ):
        with pytest.raises(KafkaError):
            KafkaProducer(**wrong.client_options(kafka.publisher), bootstrap_timeout_ms=1_000)
