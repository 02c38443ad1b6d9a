"""Works off what is pending of one platform, so that a platform which is away holds back no other."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from infra.errors import OperatorError
from producers.marketplaces.deliver import Delivery
from producers.marketplaces.raw_store import pending_of

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
FIRST_PAUSE_S = 5.0
LONGEST_PAUSE_S = 600.0


@dataclass
class Lane:
    """`clock` is monotonic seconds. What fails is tried again after pauses that double up to ten minutes."""

    platform: str
    delivery: Delivery
    clock: Callable[[], float]
    _fails: dict[str, int] = field(default_factory=dict)
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
            self._fails.pop(pending.event_id, None)
            self._not_before.pop(pending.event_id, None)
            done += 1
        return done

    def run(self, stop: threading.Event) -> None:
        """Drain until told to stop; the object store may be away meanwhile."""
        while not stop.is_set():
            try:
                self.drain()
            except OperatorError as error:
                found = {"action": "lane_waits", "platform": self.platform}
                log.warning("Pending pushes of %s wait: %s", self.platform, error, extra=found)
                stop.wait(FIRST_PAUSE_S)
            stop.wait(LOOK_EVERY_S)

    def _later(self, event_id: str, error: OperatorError) -> None:
        fails = self._fails[event_id] = self._fails.get(event_id, 0) + 1
        pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(fails - 1, 10))
        self._not_before[event_id] = self.clock() + pause
        found = {"action": "push_waits", "platform": self.platform, "event_id": event_id, "failures": fails}
        log.warning("A push of %s waits %.0f s: %s", self.platform, pause, error, extra=found)
