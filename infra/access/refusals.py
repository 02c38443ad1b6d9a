"""Refusals on their way into the audit: beside the work itself, and alike ones of a second as one entry."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from infra.access.audit import REFUSED, record
from infra.access.connect import access_errors
from infra.errors import OperatorError

log = logging.getLogger(__name__)

MOST_KINDS = 10_000
CLOSE_S = 5.0
UNKNOWN = "unknown"
"""The actor of a refusal when nobody has proven who it was."""


@dataclass(frozen=True)
class Refusal:
    """Who was refused what."""

    actor: str
    subject: str
    reason: str


def audit_writer(engine: Engine, way: str) -> Callable[[Mapping[Refusal, int]], None]:
    """Writes refusals of that way in into the audit, through the engine's login; it raises AccessUnavailable."""

    def write(refusals: Mapping[Refusal, int]) -> None:
        with access_errors(), engine.begin() as connection:
            for each, times in refusals.items():
                record(
                    connection, each.actor, REFUSED, each.subject, {"way": way, "reason": each.reason, "times": times}
                )

    return write


class RefusalLog:
    """`write` puts refusals with their numbers into the audit; what it cannot write now is kept for later, bounded."""

    def __init__(self, write: Callable[[Mapping[Refusal, int]], None], interval_s: float = 1.0) -> None:
        self._write, self._interval_s = write, interval_s
        self._waiting: Counter[Refusal] = Counter()
        self._writing = 0
        self._lock, self._closing = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="refusal-log", daemon=True)
        self._thread.start()

    def refused(self, actor: str, subject: str, reason: str, times: int = 1) -> None:
        """Take note and return at once."""
        refusal = Refusal(actor, subject, reason)
        with self._lock:
            if refusal not in self._waiting and len(self._waiting) >= MOST_KINDS:
                refusal = Refusal("various", "various", reason)
            self._waiting[refusal] += times

    def close(self) -> None:
        """Write what waits, unless PostgreSQL does not answer within some seconds."""
        self._closing.set()
        self._thread.join(CLOSE_S)
        with self._lock:
            left = self._writing + self._waiting.total()
        if left:
            log.error("%d refusals are not in the audit", left, extra={"action": "audit_lost", "refusals": left})

    def _run(self) -> None:
        while not self._closing.wait(self._interval_s):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            self._writing = taken.total()
        if not taken:
            return
        try:
            self._write(taken)
        except OperatorError as error:
            log.warning("Refusals wait for the audit", extra={"action": "audit_away", "found": str(error)})
            with self._lock:
                self._waiting.update(taken)
        with self._lock:
            self._writing = 0
