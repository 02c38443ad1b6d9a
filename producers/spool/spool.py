"""A bounded queue of records on disk, for the time that Kafka is away.

What was appended is told to be kept only after fsync; appends that come together share one. Records come out in the
order in which they went in, and go when they are acknowledged. After a kill -9 everything that was told to be kept is
there again; a torn or damaged end is cut off, kept beside in a `.cut` file, and reported.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.errors import OperatorError
from producers.spool.files import keep_refused, lock_folder
from producers.spool.frames import framed
from producers.spool.store import Chunk, SegmentStore

log = logging.getLogger(__name__)

MEBIBYTE = 2**20
OnKept = Callable[[OperatorError | None], None]


class SpoolFull(OperatorError):
    """The spool holds all it may, or its disk all it can: bring Kafka back, or give it room; then send again."""

    retriable = True


class SpoolBroken(OperatorError):
    """The spool's disk does not take data: see the error and the disk's health, then send again."""

    retriable = True


@dataclass(frozen=True)
class SpoolLimits:
    """`max_bytes` bounds what waits; the files may take `segment_bytes` more."""

    max_bytes: int = 1024 * MEBIBYTE
    segment_bytes: int = 16 * MEBIBYTE


DEFAULT_LIMITS = SpoolLimits()


@dataclass(frozen=True)
class _Append:
    frames: bytes
    records: int
    on_kept: OnKept


class Spool:
    """One folder's queue; may be shared by threads, never by processes."""

    def __init__(self, folder: Path, limits: SpoolLimits = DEFAULT_LIMITS) -> None:
        """Raises SpoolInUse. Verifies every file, which takes about a second for 500 MB."""
        self._folder, self._limits = folder, limits
        self._lock_descriptor = lock_folder(folder)
        self._store = SegmentStore(folder, limits.segment_bytes)
        self._files = threading.Lock()
        self._changed = threading.Condition()
        self._pending: list[_Append] = []
        self._queued_records = self._queued_bytes = 0  # not durable yet
        self._disk_is_full = False  # as far as the last write knows
        self._closing = False
        self._writer = threading.Thread(target=self._write_until_closed, name="spool-writer", daemon=True)
        self._writer.start()

    @property
    def records(self) -> int:
        """How many records wait, durable or about to be; 0 only when none does."""
        return self._queued_records + self._store.records

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self._queued_bytes + self._store.bytes

    @property
    def cut_bytes(self) -> int:
        """How many damaged bytes were cut off since this object was made."""
        return self._store.cut_bytes

    @property
    def is_full(self) -> bool:
        """Whether not even a small record has room, within the bound or on the disk."""
        return self._disk_is_full or self.size + 1024 > self._limits.max_bytes

    def append(self, records: Sequence[bytes], on_kept: OnKept) -> None:
        """Queue the records behind all others; `on_kept(None)` follows when they are durable, else with the error.

        `on_kept` is called by the spool's own thread and must be quick. Raises SpoolFull; then none was taken.
        """
        frames = b"".join(map(framed, records))
        with self._changed:
            if self._closing:
                raise SpoolBroken("the spool is closed")
            if self.size + len(frames) > self._limits.max_bytes:
                raise SpoolFull(f"{self.size} of {self._limits.max_bytes} bytes are taken")
            self._queued_records += len(records)
            self._queued_bytes += len(frames)
            self._pending.append(_Append(frames, len(records), on_kept))
            self._changed.notify_all()

    def read(self, max_bytes: int = MEBIBYTE) -> Chunk:
        """The oldest durable records, at least one when there is any; they stay in the spool."""
        with self._files:
            chunk = self._store.read(max_bytes)
            if not chunk.records:
                self._disk_is_full = False  # whoever reads reaches Kafka, and needs no room then
            return chunk

    def acknowledge(self, chunk: Chunk) -> None:
        """Forget the records of the chunk that `read` gave last, durably."""
        with self._files:
            self._store.acknowledge(chunk)

    def set_aside(self, payload: bytes) -> None:
        """Keep a record that Kafka will never take in the file `refused`, for people to look at."""
        keep_refused(self._folder, framed(payload))

    def close(self) -> None:
        """Write what is pending and give the folder free."""
        with self._changed:
            if self._closing:
                return
            self._closing = True
            self._changed.notify_all()
        self._writer.join()
        self._store.close()
        os.close(self._lock_descriptor)

    def _write_until_closed(self) -> None:
        while batch := self._next_batch():
            error = self._keep(batch)
            for each in batch:
                each.on_kept(error)

    def _next_batch(self) -> list[_Append]:
        """All that is pending, once something is; empty when the spool is closed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._pending) or self._closing)
            batch, self._pending = self._pending, []
            return batch

    def _keep(self, batch: list[_Append]) -> OperatorError | None:
        """Write and fsync the whole batch, or nothing of it."""
        frames = b"".join(each.frames for each in batch)
        records = sum(each.records for each in batch)
        error: OperatorError | None = None
        # Durable and queued change together for whoever asks whether anything waits: first one up, then the other down.
        with self._files:
            try:
                self._store.write(frames, records)
                self._disk_is_full = False
            except OSError as found:
                log.exception("The spool could not be written", extra={"action": "spool_write_failed"})
                self._disk_is_full = found.errno in (errno.ENOSPC, errno.EDQUOT)
                said = f"the disk is full: {found}" if self._disk_is_full else str(found)
                error = SpoolFull(said) if self._disk_is_full else SpoolBroken(said)
        with self._changed:
            self._queued_records -= records
            self._queued_bytes -= len(frames)
        return error
