"""Landing's Kafka consumer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from kafka import KafkaConsumer
from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
from kafka.errors import KafkaError
from kafka.record import util as kafka_record_util

from consumers.landing.limits import LandingLimits
from consumers.landing.raw_headers import keep_headers_raw
from infra.errors import OperatorError
from infra.settings import Kafka

T = TypeVar("T")

_FETCH_PARTITION_BYTES = 4 << 20
_FETCH_BYTES = 16 << 20


class NativeCrcMissing(OperatorError):
    """The native `crc32c` package is not loaded, without it landing is half as fast: install `kafka-python[crc32c]`."""


class KafkaUnavailable(OperatorError):
    """Kafka does not answer, or refuses KAFKA_LANDING_USER's password, which the client does not tell apart.

    It is asked again; see `hagiang status` and the broker's log if this goes on.
    """

    retriable: ClassVar[bool] = True


class KafkaRefused(OperatorError):
    """Kafka refused landing: check KAFKA_BOOTSTRAP_SERVERS, and the password and rights of KAFKA_LANDING_USER."""


def asking_kafka(call: Callable[[], T]) -> T:
    """The result of a call of the Kafka client, its errors made ours: KafkaUnavailable, KafkaRefused."""
    try:
        return call()
    except KafkaError as error:
        raise (KafkaUnavailable if error.retriable else KafkaRefused)(str(error)) from error


def require_native_crc() -> None:
    """Raises NativeCrcMissing."""
    if kafka_record_util.crc32c_c is None:
        raise NativeCrcMissing()


def open_consumer(kafka: Kafka, limits: LandingLimits) -> Any:
    """A KafkaConsumer that commits only when told and never moves its position by itself.

    Its records have their headers as bytes. Raises KafkaUnavailable, KafkaRefused.
    """
    keep_headers_raw()
    return asking_kafka(
        lambda: KafkaConsumer(
            **kafka.client_options(kafka.landing),
            client_id="hagiang-landing",
            group_id=limits.group_id,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            partition_assignment_strategy=[CooperativeStickyAssignor],
            allow_auto_create_topics=False,
            max_poll_records=limits.poll_records,
            max_partition_fetch_bytes=_FETCH_PARTITION_BYTES,
            fetch_max_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=250,
            metadata_max_age_ms=10_000,
            session_timeout_ms=int(limits.session_s * 1000),
            heartbeat_interval_ms=int(limits.session_s * 200),
            reconnect_backoff_max_ms=2_000,
            bootstrap_timeout_ms=5_000,
            metrics_enabled=False,
        )
    )
