"""Which topics are landed: those of the catalogue that Kafka has, looked up again from time to time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from consumers.landing.connect import asking_kafka
from infra.errors import OperatorError
from schemas.contract import Contract

log = logging.getLogger(__name__)


class Topics:
    """Keeps the consumer subscribed; `event_of` maps each landed topic to its event.

    A contract added while landing runs is picked up by a later rescan, once its topic exists.
    """

    def __init__(self, load_catalog: Callable[[], Mapping[str, Contract]], rescan_s: float) -> None:
        self._load_catalog = load_catalog
        self._rescan_s = rescan_s
        self._due = 0.0
        self.event_of: Mapping[str, str] = {}

    def rescan(self, consumer: Any, listener: Any, now: float) -> None:
        """Subscribe to what the catalogue names now, if that is due by the clock `now`.

        A catalogue that cannot be read leaves things as they are. Raises KafkaUnavailable.
        """
        if now < self._due:
            return
        self._due = now + self._rescan_s
        wanted = self._wanted()
        existing = asking_kafka(consumer.topics)
        event_of = {topic: event for topic, event in wanted.items() if topic in existing}
        for topic in wanted.keys() - event_of.keys():
            log.warning("topic %s does not exist, or may not be read", topic, extra={"action": "topic_missing"})
        if event_of and event_of.keys() != self.event_of.keys():
            log.info("landing %s", ", ".join(event_of), extra={"action": "subscribed", "topics": list(event_of)})
            consumer.subscribe(topics=list(event_of), listener=listener)
            self.event_of = event_of

    def _wanted(self) -> Mapping[str, str]:
        try:
            return {contract.topic: contract.event for contract in self._load_catalog().values()}
        except OperatorError as error:
            log.warning("the catalogue cannot be read: %s", error, extra={"action": "catalogue_broken"})
            return self.event_of
