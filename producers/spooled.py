"""A producer that goes on while Kafka is away: what Kafka does not take is kept in a spool on disk and sent later.

    with open_spooled_producer(settings, catalog, spool=folder) as producer:
        producer.send("dossier_status_changed", event).result()

A record is acknowledged when Kafka has it or when the spool has it after fsync; either way it reaches its topic. While
anything waits in the spool all new records go behind it, so that no record overtakes an earlier one. Whoever is killed
in between sends some records twice, with the same event_id; none is lost. It can start while Kafka and the registry
are away, once the ids of the schemas have been heard (see producers/schema_ids.py).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from kafka.errors import KafkaError

from infra.backoff import pauses
from infra.errors import OperatorError
from infra.settings import Writer
from producers.acknowledged import Handover, Outcome, Spooled
from producers.client import NotAcknowledged
from producers.encoder import EventEncoder
from producers.in_flight import InFlight
from producers.kafka_batches import failed
from producers.kafka_bulk import BulkProducer
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


class SpooledProducer:
    """Safe to share between threads. `topics` are those that may be written."""

    def __init__(
        self,
        encoder: EventEncoder,
        spool: Spool,
        connect: Callable[[], BulkProducer],
        topics: Sequence[str],
        pace: Pace = DEFAULT_PACE,
    ) -> None:
        self.encoder, self.spool = encoder, spool
        self.drained = Drained()
        self._connect, self._topics, self._pace = connect, topics, pace
        self._route = threading.Lock()
        self._kafka: BulkProducer | None = None  # None: everything goes to the spool
        self._closed = False
        self._missing: frozenset[str] = frozenset()
        self._trouble, self._stopping = threading.Event(), threading.Event()
        self._in_flight = InFlight(on_trouble=self._trouble.set)
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
            for topic, numbers in _by_topic(records).items():
                if self._kafka is None:
                    self._to_spool(handover, numbers)
                else:
                    self._to_kafka(self._kafka, handover, topic, numbers)

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

    def _to_kafka(self, kafka: BulkProducer, handover: Handover, topic: str, numbers: Sequence[int]) -> None:
        if topic in self._missing:
            handover.settle(numbers, [NotAcknowledged(f"the topic {topic} is not there")] * len(numbers))
            return
        answered = self._in_flight.begin(handover, numbers)
        try:
            kafka.send_many(topic, [handover.records[number] for number in numbers], answered)
        except (KafkaError, ValueError) as error:
            answered(failed(range(len(numbers)), error))
            if not is_refusal(error):
                self._take_over(str(error))

    def _to_spool(self, handover: Handover, numbers: Sequence[int]) -> None:
        try:
            if self._closed:
                raise NotAcknowledged("the producer is closed")
            packed = [pack(handover.records[number]) for number in numbers]
            self.spool.append(packed, partial(_kept, handover, numbers))
        except OperatorError as error:
            _kept(handover, numbers, error)

    def _keep_up(self) -> None:
        away = self._pauses()
        while not self._stopping.is_set():
            if self._kafka is not None:
                self._watch()
                away = self._pauses()
            elif not self._recover():
                self._stopping.wait(next(away))

    def _pauses(self) -> Iterator[float]:
        return pauses(self._pace.first_pause, self._pace.longest_pause)

    def _watch(self) -> None:
        """Notice that Kafka is away: a record failed, or one waits too long."""
        troubled = self._trouble.wait(self._pace.watch)
        late = self._in_flight.oldest_age() > self._pace.patience
        if troubled or late:
            with self._route:
                self._take_over("a record failed" if troubled else "a record waits too long")

    def _take_over(self, why: str) -> None:
        """Under the lock: from now on everything goes to the spool, what Kafka has not confirmed before all else."""
        kafka, self._kafka = self._kafka, None
        left = [(flight.handover, flight.unsettled()) for flight in self._in_flight.take()]
        for handover, numbers in left:
            if numbers:
                self._to_spool(handover, numbers)
        if kafka is not None:
            unconfirmed = sum(len(numbers) for _, numbers in left)
            log.warning("To the spool", extra={"action": "to_spool", "why": why, "unconfirmed": unconfirmed})
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

    def _drain(self, kafka: BulkProducer) -> bool:
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

    def _switch_to(self, kafka: BulkProducer) -> bool:
        with self._route:
            if self.spool.records:
                return False
            self._trouble.clear()
            self._kafka = kafka
            return True


def _kept(handover: Handover, numbers: Sequence[int], error: OperatorError | None) -> None:
    records = [handover.records[number] for number in numbers]
    handover.settle(numbers, [error or Spooled(record.topic, record.event_id) for record in records])


def _by_topic(records: Sequence[Record]) -> Mapping[str, list[int]]:
    """The records' places by topic; each topic's in order, which is what keys need."""
    found: dict[str, list[int]] = {}
    for number, record in enumerate(records):
        found.setdefault(record.topic, []).append(number)
    return found


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
