"""Works off what is pending of one platform, so that a platform which is away holds back no other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from infra.backoff import pauses
from infra.errors import OperatorError
from producers.marketplaces.deliver import Delivery
from producers.marketplaces.raw_store import pending_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0
STORE_PAUSE_S = 30.0


@dataclass
class Lane:
    """`clock` is monotonic seconds. What fails is tried again after jittered pauses that double up to ten minutes."""

    platform: str
    delivery: Delivery
    clock: Callable[[], float]
    _pauses: dict[str, Iterator[float]] = field(default_factory=dict)
    _not_before: dict[str, float] = field(default_factory=dict)

    def drain(self) -> int:
        """Deliver what is due now; returns how many pushes are no longer pending."""
        done = 0
        for pending in pending_of(self.delivery.store, self.platform):
            if self._not_before.get(pending.event_id, 0.0) > self.clock():
                continue
            try:
                self.delivery.pending(pending)
            except OperatorError as error:
                self._later(pending.event_id, error)
                continue
            self._pauses.pop(pending.event_id, None)
            self._not_before.pop(pending.event_id, None)
            done += 1
        return done

    def run(self, stop: threading.Event) -> None:
        """Drain until told to stop; the object store may be away meanwhile."""
        away = pauses(FIRST_PAUSE_S, STORE_PAUSE_S)
        while not stop.is_set():
            try:
                self.drain()
                away = pauses(FIRST_PAUSE_S, STORE_PAUSE_S)
            except OperatorError as error:
                found = {"action": "lane_waits", "platform": self.platform}
                log.warning("Pending pushes of %s wait: %s", self.platform, error, extra=found)
                stop.wait(next(away))
            stop.wait(LOOK_EVERY_S)

    def _later(self, event_id: str, error: OperatorError) -> None:
        pause = next(self._pauses.setdefault(event_id, pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S)))
        self._not_before[event_id] = self.clock() + pause
        found = {"action": "push_waits", "platform": self.platform, "event_id": event_id, "pause_s": pause}
        log.warning("A push of %s waits %.0f s: %s", self.platform, pause, error, extra=found)
