"""The relay: takes rows from the outbox, publishes them, marks them, again and again.

Marks come after Kafka's acknowledgement. A relay that is killed in between publishes those rows once more, with the
same event_id, which counts once.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from infra.backoff import pauses
from infra.errors import OperatorError
from producers.outbox.database import outbox_errors
from producers.outbox.lease import ensure_lease_row, release_lease, take_lease
from producers.outbox.publishing import Published, Send, publish_rows
from producers.outbox.rows import delete_rows, mark_published, mark_refused, published_before, waiting_rows

log = logging.getLogger(__name__)

# Steps that `on_step` is told of, after each: a test stops the relay there.
SENT, MARKED = "sent", "marked"
DELETED_AT_A_TIME = 5000


@dataclass(frozen=True)
class RelayLimits:
    """Seconds, but for `batch_rows` and `keep_days`; published rows are deleted after `keep_days`, at once for 0."""

    batch_rows: int = 2000
    keep_days: float = 7.0
    idle: float = 0.3
    lease: float = 60.0
    answer: float = 30.0
    first_pause: float = 0.5
    longest_pause: float = 30.0
    purge_every: float = 60.0


class LeaseHeld(OperatorError):
    """Another relay works on this outbox: let it, or wait until its lease has expired."""

    retriable = True


@dataclass
class Relay:
    """One relay on one outbox. `holder` names it in the lease; `clock` gives seconds since 1970."""

    engine: Engine
    send: Send
    holder: str
    limits: RelayLimits = field(default_factory=RelayLimits)
    clock: Callable[[], float] = time.time
    on_step: Callable[[str], None] = lambda _step: None
    published: int = 0
    refused: int = 0
    _purged_at: float = 0.0

    def run(self, stop: threading.Event) -> None:
        """Publish until `stop` is set; waits with growing pauses while the database, Kafka or the registry is away.

        Raises OperatorError when waiting does not help, as when the tables are missing.
        """
        away = self._pauses()
        while not stop.is_set():
            try:
                if not self.publish_some():
                    self._purge()
                    stop.wait(self.limits.idle)
                away = self._pauses()
            except OperatorError as error:
                if not error.retriable:
                    raise
                pause = next(away)
                log.log(
                    logging.INFO if isinstance(error, LeaseHeld) else logging.WARNING,
                    "Nothing is published for now: %s",
                    error.found,
                    extra={"action": "relay_waits", "kind": type(error).__name__, "pause_s": pause},
                )
                stop.wait(pause)
        self._release()

    def drain(self) -> None:
        """Publish until nothing waits; raises the first OperatorError, retriable or not."""
        try:
            while self.publish_some():
                continue
            self._purge()
        finally:
            self._release()

    def publish_some(self) -> bool:
        """Publish one batch; whether there was a row. Raises LeaseHeld and whatever kept rows from being published."""
        now = self.clock()
        with outbox_errors():
            ensure_lease_row(self.engine)
            with self.engine.begin() as connection:
                if not take_lease(connection, self.holder, int(now * 1000), int((now + self.limits.lease) * 1000)):
                    raise LeaseHeld("the lease is taken")
            with self.engine.begin() as connection:
                rows = waiting_rows(connection, self.limits.batch_rows)
        if not rows:
            return False
        done = publish_rows(self.send, rows, self.limits.answer)
        self.on_step(SENT)
        self._mark(done)
        self.on_step(MARKED)
        if done.failure is not None:
            raise done.failure
        return True

    def _mark(self, done: Published) -> None:
        now = self._utc()
        with outbox_errors(), self.engine.begin() as connection:
            if self.limits.keep_days > 0:
                mark_published(connection, done.ids, now)
            else:
                delete_rows(connection, done.ids)
            mark_refused(connection, done.refused, now)
        self.published += len(done.ids)
        self.refused += len(done.refused)
        for each in done.refused:
            log.warning("Row %d is set aside", each.id, extra={"action": "row_refused", "reason": each.reason})
        log.info("Rows published", extra={"action": "rows_published", "rows": len(done.ids)})

    def _purge(self) -> None:
        """Now and then, delete what was published long ago, in transactions of bounded size."""
        if self.limits.keep_days <= 0 or self.clock() - self._purged_at < self.limits.purge_every:
            return
        self._purged_at = self.clock()
        end = self._utc() - timedelta(days=self.limits.keep_days)
        ids = [0]
        while ids:
            with outbox_errors(), self.engine.begin() as connection:
                ids = published_before(connection, end, DELETED_AT_A_TIME)
                delete_rows(connection, ids)

    def _release(self) -> None:
        try:
            with outbox_errors(), self.engine.begin() as connection:
                release_lease(connection, self.holder)
        except OperatorError as error:
            log.info("The lease runs out by itself", extra={"action": "lease_kept", "found": error.found})

    def _pauses(self) -> Iterator[float]:
        return pauses(self.limits.first_pause, self.limits.longest_pause)

    def _utc(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC).replace(tzinfo=None)
