"""Opens the Kafka administration client."""

from __future__ import annotations

from kafka.admin import KafkaAdminClient

from infra.settings import Kafka


def open_admin(kafka: Kafka, *, timeout_ms: int = 15000) -> KafkaAdminClient:
    """A client logged in as the administrator; close it, or use it in a `with`. Raises kafka.errors.KafkaError."""
    return KafkaAdminClient(
        **kafka.client_options(kafka.admin),
        client_id="hagiang-admin",
        request_timeout_ms=timeout_ms,
        bootstrap_timeout_ms=timeout_ms,
    )
