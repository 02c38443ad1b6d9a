"""A producer that connects when there is something to send, so that a relay may start while Kafka is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from producers.client import Delivery, EventProducer


class LateProducer:
    """`send` of the producer that `connect` gives, asked for again as long as it raises."""

    def __init__(self, connect: Callable[[], EventProducer]) -> None:
        self._connect = connect
        self._producer: EventProducer | None = None

    def send(self, event_name: str, event: Mapping[str, Any]) -> Delivery:
        """As EventProducer's; raises BrokerUnavailable too."""
        if self._producer is None:
            self._producer = self._connect()
        return self._producer.send(event_name, event)

    def close(self) -> None:
        """Close what was connected."""
        if self._producer is not None:
            self._producer.close()
