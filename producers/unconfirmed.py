"""Events on their way: how many may be unconfirmed at a time, so that memory stays bounded."""

from __future__ import annotations

from typing import Protocol

from producers.client import Sent

USUAL_WINDOW = 20_000


class OnItsWay(Protocol):
    """What a producer's `send` gives: a delivery or a receipt."""

    def result(self, timeout_s: float = ...) -> Sent:
        """Where the event stands; raises NotAcknowledged and others that say why it is not durable."""


class Unconfirmed:
    """Events that were sent and are not known to be durable; at most `window` at a time."""

    def __init__(self, window: int = USUAL_WINDOW) -> None:
        self._window = window
        self._waiting: list[OnItsWay] = []

    def add(self, event: OnItsWay) -> None:
        """Wait for all of them when the window is full; raises what `result` raises."""
        self._waiting.append(event)
        if len(self._waiting) >= self._window:
            self.confirm()

    def confirm(self) -> None:
        """Wait until all are durable; raises what `result` raises."""
        for each in self._waiting:
            each.result()
        self._waiting.clear()
