"""A producer that goes on while Kafka is away: what Kafka does not take is kept in a spool on disk and sent later.

    with open_spooled_producer(settings, catalog, spool=folder) as producer:
        producer.send("dossier_status_changed", event).result()

A record is acknowledged when Kafka has it or when the spool has it after fsync; either way it reaches its topic. While
anything waits in the spool all new records go behind it, so that no record overtakes an earlier one. Whoever is killed
in between sends some records twice, with the same event_id; none is lost. It can start while Kafka and the registry
are away, once the ids of the schemas have been heard (see producers/schema_ids.py).
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from kafka import KafkaProducer
from kafka.errors import KafkaError

from infra.errors import OperatorError
from infra.settings import Writer
from producers.acknowledged import Handover, Outcome, Spooled
from producers.client import NotAcknowledged, Sent
from producers.encoder import EventEncoder
from producers.kafka_connection import BrokerUnavailable, connect_impatiently, missing_topics
from producers.receipt import Receipt
from producers.records import Headers, Record, pack
from producers.schema_ids import KeptIds
from producers.signing import signing_as
from producers.spool.drain import Drained, dispose, drain_chunk, is_refusal
from producers.spool.spool import DEFAULT_LIMITS, Spool, SpoolLimits
from schemas.contract import Contract
from schemas.registry import Registry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pace:
    """Seconds. `patience` is how long Kafka may take to acknowledge before it counts as away."""

    patience: float = 2.5
    watch: float = 0.1
    first_pause: float = 0.25
    longest_pause: float = 2.0
    registry_timeout: float = 3.0


DEFAULT_PACE = Pace()


class _InFlight(NamedTuple):
    handover: Handover
    number: int
    since: float


class SpooledProducer:
    """Safe to share between threads. `topics` are those that may be written."""

    def __init__(
        self,
        encoder: EventEncoder,
        spool: Spool,
        connect: Callable[[], KafkaProducer],
        topics: Sequence[str],
        pace: Pace = DEFAULT_PACE,
    ) -> None:
        self.encoder, self.spool = encoder, spool
        self.drained = Drained()
        self._connect, self._topics, self._pace = connect, topics, pace
        self._route = threading.Lock()
        self._kafka: KafkaProducer | None = None  # None: everything goes to the spool
        self._closed = False
        self._missing: frozenset[str] = frozenset()
        self._in_flight: dict[int, _InFlight] = {}
        self._numbers = itertools.count()
        self._trouble, self._stopping = threading.Event(), threading.Event()
        self._keeper = threading.Thread(target=self._keep_up, name="spool-drainer", daemon=True)
        self._keeper.start()

    @property
    def reaches_kafka(self) -> bool:
        """Whether records go straight to Kafka now."""
        return self._kafka is not None

    def send(self, event_name: str, event: Mapping[str, Any], *, headers: Headers = ()) -> Receipt:
        """Validates, encodes and hands over one event; an event without event_id is given a UUIDv7.

        Raises EventInvalid, UnknownEvent, and RegistryUnavailable for a schema whose id was never heard.
        """
        record = self.encoder.encode(event_name, event, headers)
        receipt = Receipt(record)
        self.submit([record], receipt.settle)
        return receipt

    def submit(self, records: Sequence[Record], on_done: Callable[[list[Outcome]], None]) -> None:
        """Hand over encoded records, at least one, and return at once; `on_done` gets an outcome for each.

        `on_done` is called once, by any thread, perhaps before `submit` returns; it must be quick and must not submit.
        """
        handover = Handover(records, on_done)
        with self._route:
            for number in range(len(records)):
                if self._kafka is None:
                    self._to_spool(handover, range(number, len(records)))
                    return
                self._to_kafka(self._kafka, handover, number)

    def close(self) -> None:
        """Wait for Kafka a moment; what it has not confirmed is in the spool afterwards."""
        self._stopping.set()
        self._keeper.join()
        kafka = self._kafka
        if kafka is not None:
            try:
                kafka.flush(timeout=self._pace.patience)
            except KafkaError as error:
                log.warning("Kafka did not confirm all", extra={"action": "close_unconfirmed", "found": str(error)})
        with self._route:
            self._take_over("the producer is closed")
            self._closed = True
        self.spool.close()

    def __enter__(self) -> SpooledProducer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def _to_kafka(self, kafka: KafkaProducer, handover: Handover, number: int) -> None:
        record = handover.records[number]
        if record.topic in self._missing:
            handover.settle(number, NotAcknowledged(f"the topic {record.topic} is not there"))
            return
        flight = next(self._numbers)
        self._in_flight[flight] = _InFlight(handover, number, time.monotonic())
        try:
            future = kafka.send(record.topic, record.value, record.key, list(record.headers))
        except (KafkaError, ValueError) as error:
            if not self._failed(flight, error):
                self._take_over(str(error))
            return
        future.add_callback(partial(self._acknowledged, flight))
        future.add_errback(partial(self._failed, flight))

    def _to_spool(self, handover: Handover, numbers: Sequence[int]) -> None:
        try:
            if self._closed:
                raise NotAcknowledged("the producer is closed")
            packed = [pack(handover.records[number]) for number in numbers]
            self.spool.append(packed, partial(_kept, handover, numbers))
        except OperatorError as error:
            _kept(handover, numbers, error)

    def _acknowledged(self, flight: int, metadata: Any) -> None:
        found = self._in_flight.pop(flight, None)
        if found is not None:
            event_id = found.handover.records[found.number].event_id
            sent = Sent(metadata.topic, metadata.partition, metadata.offset, event_id)
            found.handover.settle(found.number, sent)

    def _failed(self, flight: int, error: Exception) -> bool:
        """Whether the record itself was refused; else Kafka is in trouble, and the record stays to be taken over."""
        if not is_refusal(error):
            self._trouble.set()
            return False
        found = self._in_flight.pop(flight, None)
        if found is not None:
            record = found.handover.records[found.number]
            found.handover.settle(found.number, NotAcknowledged(f"{record.topic}: {error}"))
        return True

    def _keep_up(self) -> None:
        pause = self._pace.first_pause
        while not self._stopping.is_set():
            if self._kafka is not None:
                self._watch()
                pause = self._pace.first_pause
            elif not self._recover():
                self._stopping.wait(pause)
                pause = min(pause * 2, self._pace.longest_pause)

    def _watch(self) -> None:
        """Notice that Kafka is away: a record failed, or one waits too long."""
        troubled = self._trouble.wait(self._pace.watch)
        oldest = min((each.since for each in list(self._in_flight.values())), default=None)
        late = oldest is not None and time.monotonic() - oldest > self._pace.patience
        if troubled or late:
            with self._route:
                self._take_over("a record failed" if troubled else "a record waits too long")

    def _take_over(self, why: str) -> None:
        """Under the lock: from now on everything goes to the spool, what Kafka has not confirmed before all else."""
        kafka, self._kafka = self._kafka, None
        flights = sorted(list(self._in_flight))  # noqa: C414 (a list is taken at once, whatever is acknowledged meanwhile)
        taken = [found for flight in flights if (found := self._in_flight.pop(flight, None)) is not None]
        for each in taken:
            self._to_spool(each.handover, (each.number,))
        if kafka is not None:
            log.warning("To the spool", extra={"action": "to_spool", "why": why, "unconfirmed": len(taken)})
            threading.Thread(target=dispose, args=(kafka,), name="kafka-closer", daemon=True).start()

    def _recover(self) -> bool:
        """Connect, drain the spool and go back to Kafka; False when that did not work now."""
        try:
            kafka = self._connect()
        except (BrokerUnavailable, KafkaError, OSError) as error:
            log.info("Kafka is away", extra={"action": "kafka_away", "found": str(error)})
            return False
        try:
            self._missing = frozenset(missing_topics(kafka, self._topics))
            if self._drain(kafka):
                return True
        except (OperatorError, KafkaError, OSError) as error:
            log.warning("The spool is not drained", extra={"action": "drain_failed", "found": str(error)})
        dispose(kafka)
        return False

    def _drain(self, kafka: KafkaProducer) -> bool:
        """Send all that waits; True once nothing waits and records go straight to Kafka."""
        while not self._stopping.is_set():
            chunk = self.spool.read()
            if chunk.records:
                drain_chunk(kafka, chunk.records, self.drained, self.spool.set_aside)
                self.spool.acknowledge(chunk)
            elif self._switch_to(kafka):
                log.info("Straight to Kafka", extra={"action": "to_kafka", "drained": self.drained.records})
                return True
            else:
                self._stopping.wait(0.005)  # something is being written
        return False

    def _switch_to(self, kafka: KafkaProducer) -> bool:
        with self._route:
            if self.spool.records:
                return False
            self._trouble.clear()
            self._kafka = kafka
            return True


def _kept(handover: Handover, numbers: Sequence[int], error: OperatorError | None) -> None:
    for number in numbers:
        record = handover.records[number]
        handover.settle(number, error or Spooled(record.topic, record.event_id))


def open_spooled_producer(
    settings: Writer,
    catalog: Mapping[str, Contract],
    *,
    spool: Path,
    limits: SpoolLimits = DEFAULT_LIMITS,
    pace: Pace = DEFAULT_PACE,
) -> SpooledProducer:
    """A producer on the settings' Kafka with the spool in a folder; raises SpoolInUse, but no error for an outage."""
    registry = Registry(settings.registry_url, timeout_s=pace.registry_timeout)
    encoder = EventEncoder(catalog, KeptIds(registry, spool / "schema-ids.json"), signing_as(settings.signer))
    topics = [contract.topic for contract in catalog.values()]
    return SpooledProducer(encoder, Spool(spool, limits), partial(connect_impatiently, settings.kafka), topics, pace)
