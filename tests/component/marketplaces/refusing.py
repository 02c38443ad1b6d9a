"""A producer that Kafka never answers."""

from __future__ import annotations

from producers.client import NotAcknowledged


class Unacknowledged:
    def result(self, timeout_s: float = 0) -> None:
        raise NotAcknowledged("Kafka is away")


def refusing(*_: object, **__: object) -> Unacknowledged:
    """A producer that takes the event and never hears that Kafka has it."""
    return Unacknowledged()
