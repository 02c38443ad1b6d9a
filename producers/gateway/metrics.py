"""The gateway's figures for Prometheus: one list of names, each with what it counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

Name = Literal[
    "gateway_requests_total",
    "gateway_request_seconds",
    "gateway_events_accepted_total",
    "gateway_events_refused_total",
    "gateway_spool_records",
    "gateway_spool_bytes",
    "gateway_spool_cut_bytes",
    "gateway_spool_drained_total",
    "gateway_spool_refused_total",
    "gateway_kafka_reached",
]

HELP: Mapping[Name, str] = {
    "gateway_requests_total": "Requests to /events by status.",
    "gateway_request_seconds": "From a request's head to its answer.",
    "gateway_events_accepted_total": "Events that Kafka or the spool has, by event.",
    "gateway_events_refused_total": "Events that broke a rule, by event and rule.",
    "gateway_spool_records": "Records that wait in the spool for Kafka.",
    "gateway_spool_bytes": "Bytes that they take.",
    "gateway_spool_cut_bytes": "Damaged bytes that were cut off the spool since the start.",
    "gateway_spool_drained_total": "Records that have gone from the spool to Kafka since the start.",
    "gateway_spool_refused_total": "Records of the spool that Kafka refused for good and that were set aside.",
    "gateway_kafka_reached": "1 while records go straight to Kafka, 0 while they go to the spool.",
}
_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)
_GAUGES: tuple[Name, ...] = (
    "gateway_spool_records",
    "gateway_spool_bytes",
    "gateway_spool_cut_bytes",
    "gateway_spool_drained_total",
    "gateway_spool_refused_total",
    "gateway_kafka_reached",
)


class GatewayMetrics:
    """The figures of one gateway."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        requests = self._counter("gateway_requests_total", ["status"])
        accepted = self._counter("gateway_events_accepted_total", ["event"])
        # `labels` takes a lock and makes texts each time; the statuses and events are few.
        self._requests_of = cache(lambda status: requests.labels(str(status)))
        self._accepted_of = cache(accepted.labels)
        self._refused = self._counter("gateway_events_refused_total", ["event", "rule"])
        self._gauges = {name: Gauge(name, HELP[name], registry=self.registry) for name in _GAUGES}
        name: Name = "gateway_request_seconds"
        self._seconds = Histogram(name, HELP[name], buckets=_BUCKETS, registry=self.registry)

    def answered(self, status: int, seconds: float) -> None:
        """One request has its answer."""
        self._requests_of(status).inc()
        self._seconds.observe(seconds)

    def accepted(self, event: str, number: int) -> None:
        """So many events are durable."""
        self._accepted_of(event).inc(number)

    def refused(self, event: str, rule: str) -> None:
        """An event broke a rule of the contract or of its form."""
        self._refused.labels(event, rule).inc()

    def page(self, now: Mapping[Name, float]) -> bytes:
        """The text that Prometheus reads, with figures that are asked for only now."""
        for name, value in now.items():
            self._gauges[name].set(value)
        return generate_latest(self.registry)

    def _counter(self, name: Name, labels: list[str]) -> Counter:
        return Counter(name, HELP[name], labels, registry=self.registry)
