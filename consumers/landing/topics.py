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
    """The topics to land; `event_of` maps each to its event.

    A contract added while landing runs is picked up by a later rescan, once its topic exists.
    """

    def __init__(self, load_catalog: Callable[[], Mapping[str, Contract]], rescan_s: float) -> None:
        self._load_catalog = load_catalog
        self._rescan_s = rescan_s
        self._due = 0.0
        self._missing: frozenset[str] = frozenset()
        self.event_of: Mapping[str, str] = {}

    def rescan(self, consumer: Any, now: float) -> bool:
        """Look again, if that is due by the clock `now`; whether the topics have changed.

        A catalogue that cannot be read leaves things as they are. Raises KafkaUnavailable.
        """
        if now < self._due:
            return False
        self._due = now + self._rescan_s
        # A broker that has just started may not name all its topics yet.
        existing = asking_kafka(consumer.topics) | self.event_of.keys()
        before, wanted = self.event_of, self._wanted()
        self.event_of = {topic: event for topic, event in wanted.items() if topic in existing}
        self._report_missing(frozenset(wanted.keys() - existing))
        if self.event_of == before:
            return False
        names = ", ".join(self.event_of) or "nothing"
        log.info("landing %s", names, extra={"action": "topics_changed", "topics": list(self.event_of)})
        return True

    def _wanted(self) -> Mapping[str, str]:
        try:
            return {contract.topic: contract.event for contract in self._load_catalog().values()}
        except OperatorError as error:
            log.warning("the catalogue cannot be read: %s", error, extra={"action": "catalogue_broken"})
            return self.event_of

    def _report_missing(self, missing: frozenset[str]) -> None:
        for topic in sorted(missing - self._missing):
            log.warning("topic %s does not exist, or may not be read", topic, extra={"action": "topic_missing"})
        self._missing = missing
