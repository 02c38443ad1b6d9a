"""The rights as of now, kept in memory: asked for at every request, refreshed beside it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from infra.access.api_keys import key_id_of, proves
from infra.access.clients import Client
from infra.access.connect import AccessUnavailable, open_access
from infra.access.read import read_snapshot
from infra.access.rights import Snapshot

log = logging.getLogger(__name__)

INTERVAL_S = 0.25
# Longer than PostgreSQL itself lets a question take (connect.py): a server that has said nothing by then hangs.
PATIENCE_S = 6.0
_CLOSE_S = 5.0

Read = Callable[[Snapshot | None], Snapshot]


class AccessView:
    """Clients as of now, at most about half a second old; while PostgreSQL is away, as last known.

    `read` gives the rights, given those already known. Safe to share between threads. Use it in a `with`, or call
    `start` and `close`. Every question raises AccessUnavailable as long as the rights have never been read.
    """

    def __init__(
        self,
        read: Read,
        on_close: Callable[[], None],
        interval_s: float = INTERVAL_S,
        now: Callable[[], float] = time.time,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._read = read
        self._patience_s = patience_s
        self._on_close = on_close
        self._interval_s = interval_s
        self._now = now
        self._known: Snapshot | None = None
        self._reading = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access-view", daemon=True)
        self._is_away = False

    def start(self) -> None:
        """Begin to refresh, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and the connections."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_S)
        self._on_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def client_of_api_key(self, api_key: str) -> Client | None:
        """The client whose key it is; None when it is unknown or revoked."""
        snapshot = self.snapshot()
        entry = snapshot.api_keys.get(key_id_of(api_key) or "")
        is_right = proves(api_key, entry.hash if entry else None)
        if not entry or not is_right or entry.end <= self._now() * 1000:
            return None
        return snapshot.clients.get(entry.name)

    def client_named(self, name: str) -> Client | None:
        """The client of that name; None when it is unknown or revoked."""
        return self.snapshot().clients.get(name)

    def snapshot(self) -> Snapshot:
        """What is known; the first time, read now."""
        return self._known or self.refresh()

    def snapshot_at(self, milliseconds: int) -> Snapshot:
        """What was true at that time, if PostgreSQL can be asked; else what is known, whose `as_of` is then earlier."""
        known = self.snapshot()
        if known.as_of >= milliseconds or self._is_away:
            return known
        try:
            return self.refresh()
        except AccessUnavailable:
            return known

    def refresh(self) -> Snapshot:
        """Read now; raises AccessUnavailable, also when no answer comes in time: one that comes later still counts."""
        if not self._reading.acquire(timeout=self._patience_s):
            raise self._no_answer()
        outcome: list[Snapshot | Exception] = []
        reader = threading.Thread(target=self._read_on, args=(outcome,), name="access-reader", daemon=True)
        reader.start()
        reader.join(self._patience_s)
        if reader.is_alive():
            raise self._no_answer()
        (read,) = outcome
        if isinstance(read, Exception):
            raise read
        return read

    def _read_on(self, outcome: list[Snapshot | Exception]) -> None:
        """In a thread that may be left behind: a server that hangs keeps it, and nobody else."""
        try:
            read = self._read(self._known)
            self._note_read(read)
            outcome.append(read)
        except AccessUnavailable as error:
            self._note_away(error)
            outcome.append(error)
        except Exception as error:
            outcome.append(error)
        finally:
            self._reading.release()

    def _no_answer(self) -> AccessUnavailable:
        error = AccessUnavailable(f"no answer within {self._patience_s:.0f} s")
        self._note_away(error)
        return error

    def _run(self) -> None:
        while not self._closing.wait(self._interval_s):
            try:
                self.refresh()
            except AccessUnavailable:
                # Noted by refresh, once for each outage.
                continue

    def _note_read(self, snapshot: Snapshot) -> None:
        self._known = snapshot
        if self._is_away:
            log.info("the rights can be read again", extra={"action": "access_back"})
        self._is_away = False

    def _note_away(self, error: AccessUnavailable) -> None:
        if not self._is_away:
            log.warning(
                "the rights cannot be read, the last known ones hold: %s", error, extra={"action": "access_away"}
            )
        self._is_away = True


def open_view(database_url: str, *, with_api_keys: bool) -> AccessView:
    """A view on schema `access` through that login, not started; only the gateway's may read API keys."""
    engine: Engine = open_access(database_url)
    return AccessView(lambda known: read_snapshot(engine, known, with_api_keys=with_api_keys), engine.dispose)
