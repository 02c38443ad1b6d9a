"""Membership of the consumer group: joining it, and noticing when the client has lost track of it."""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from kafka.structs import MemberState

from consumers.landing.connect import asking_kafka

log = logging.getLogger(__name__)


class Membership:
    """Joins the group anew whenever `joined` is false.

    The client (kafka-python 3.0) can lose track: when the topics have changed and its poll times out while it joins
    the group again, it forgets that it was joining, and reads on without heartbeats and unable to commit. It says so
    only by its state, which stays at rebalancing; in a true rebalance it would return no records, and come to an end.
    """

    def __init__(self, consumer: Any, listener: Any, patience_s: float) -> None:
        self._consumer = consumer
        self._listener = listener
        self._patience_s = patience_s
        self._rebalancing_since: float | None = None
        self.joined = False

    def join(self, topics: Collection[str]) -> None:
        """Leave the group, if in it, and join it for these topics. Raises KafkaUnavailable."""
        asking_kafka(self._consumer.unsubscribe)
        self._consumer.subscribe(topics=list(topics), listener=self._listener)
        self._rebalancing_since = None
        self.joined = True

    def is_lost(self, now: float, *, records_came: bool) -> bool:
        """Whether the client has lost track; to be asked after each poll, with the time on any steady clock."""
        if self._consumer.group_metadata().state is not MemberState.REBALANCING:
            self._rebalancing_since = None
            return False
        if self._rebalancing_since is None:
            self._rebalancing_since = now
        lost = records_came or now - self._rebalancing_since > self._patience_s
        if lost:
            log.warning("lost track of the consumer group, joining it anew", extra={"action": "membership_lost"})
        return lost
