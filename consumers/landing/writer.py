"""The thread that writes batches, in the order in which they were closed, while the main thread reads on (ADR 0303)."""

from __future__ import annotations

import logging
import os
import queue
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from consumers.lake.manifest import Manifest
from consumers.landing.authors import AuthorCheck
from consumers.landing.backoff import until_it_works
from consumers.landing.records import OpenBatch
from consumers.landing.write import OnStep, batch_files, manifest_of, store_batch
from consumers.landing.writer_schemas import TopicSchemas
from infra.object_store import LakeStore
from schemas.registry import Registry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Durable:
    """A batch that is in the lake, with the manifest that stands there."""

    batch: OpenBatch
    manifest: Manifest


OnDenied = Callable[[str, str, str, int], None]


def _nobody_asks(_actor: str, _topic: str, _reason: str, _times: int) -> None:
    """For landing without an audit."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class BatchWriter:
    """Takes closed batches, gives durable ones; a server that is away is waited for.

    With `check` None whoever the broker let in may have written a record. `on_denied` hears of rejects whose author had
    no right to them, once their batch is durable: actor, topic, reason, how many.

    Used from one thread: `submit`, `finished`, `close`. `held_bytes` is what waits or is being written.
    """

    def __init__(
        self,
        store: LakeStore,
        registry: Registry,
        check: AuthorCheck | None,
        on_step: OnStep,
        on_denied: OnDenied = _nobody_asks,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._store = store
        self._registry = registry
        self._check = check
        self._on_step = on_step
        self._on_denied = on_denied
        self._now = now
        self._schemas: dict[str, TopicSchemas] = {}
        self._todo: queue.SimpleQueue[OpenBatch | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Durable | BaseException] = queue.SimpleQueue()
        self._give_up = threading.Event()
        self._name = f"{socket.gethostname()}/{os.getpid()}/{uuid4()}"
        self._thread = threading.Thread(target=self._run, name="batch-writer", daemon=True)
        self._thread.start()
        self.pending = 0
        self.held_bytes = 0

    def submit(self, batch: OpenBatch) -> None:
        """Hand over a closed batch; it must not be changed any more."""
        self.pending += 1
        self.held_bytes += batch.held_bytes
        self._todo.put(batch)

    def finished(self, wait_s: float = 0.0) -> list[Durable]:
        """Batches that have become durable since the last call, in order; waits up to `wait_s` for the first.

        Raises what stopped the thread: an error that no waiting mends.
        """
        durable: list[Durable] = []
        while self.pending:
            try:
                result = self._done.get(timeout=0.0 if durable else wait_s)
            except queue.Empty:
                break
            self.pending -= 1
            if isinstance(result, BaseException):
                raise result
            self.held_bytes -= result.batch.held_bytes
            durable.append(result)
        return durable

    def close(self, timeout_s: float) -> None:
        """Give up what is not written yet and end the thread."""
        self._give_up.set()
        self._todo.put(None)
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while (batch := self._todo.get()) is not None:
            try:
                manifest = self._write(batch)
                _log_landed(manifest)
                self._done.put(Durable(batch, manifest))
            except BaseException as error:
                self._done.put(error)
                return

    def _write(self, batch: OpenBatch) -> Manifest:
        schemas = self._schemas.setdefault(batch.topic, TopicSchemas(self._registry, batch.topic))
        what = f"{batch.topic}/{batch.partition} {batch.range}"
        made = until_it_works(lambda: batch_files(batch, schemas, self._check), f"sorting {what}", self._give_up)
        manifest = manifest_of(batch, made, self._name, self._now())
        stored = until_it_works(
            lambda: store_batch(self._store, manifest, made.files, self._on_step), f"storing {what}", self._give_up
        )
        for denied, times in made.denied.items():
            self._on_denied(denied.actor, denied.subject, denied.reason, times)
        return stored


def _log_landed(manifest: Manifest) -> None:
    log.info(
        "landed %s/%d %s: %d records, %d of them rejects",
        manifest.topic,
        manifest.partition,
        manifest.offsets,
        manifest.records,
        manifest.rejected,
        extra={
            "action": "batch_landed",
            "topic": manifest.topic,
            "partition": manifest.partition,
            "from_offset": manifest.from_offset,
            "next_offset": manifest.next_offset,
            "records": manifest.records,
            "rejected": manifest.rejected,
            "bytes": manifest.size,
        },
    )
