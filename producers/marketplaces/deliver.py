"""From a change to an event in Kafka: completed by the order call, published, and found again by its id."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Protocol

from infra.errors import OperatorError
from producers.marketplaces import raw_store
from producers.marketplaces.change import Change, PushUnreadable, event_id_of
from producers.marketplaces.orders import EVENT, Order, OrderUnreadable, as_documented, event_of
from producers.marketplaces.platforms import PLATFORMS, Platform
from producers.marketplaces.raw_store import Pending, Refused, Store
from producers.marketplaces.session import Session
from producers.marketplaces.sessions import Sessions
from producers.records import Headers
from producers.unconfirmed import OnItsWay
from schemas.codec import EventInvalid

log = logging.getLogger(__name__)

RAW_HEADER = "hg-raw"
"""Kafka record header: the key of the payload in the object store."""


class Send(Protocol):
    """The bound `send` of a producer."""

    def __call__(  # noqa: D102
        self, event_name: str, event: dict[str, Any], *, headers: Headers
    ) -> OnItsWay: ...


class ShopUnknown(OperatorError):
    """A push names a shop that is not configured any more: add it again, then `hagiang marketplaces retry`."""


# What waiting does not mend: the payload is kept with the reason, for a person.
HOPELESS = (PushUnreadable, OrderUnreadable, EventInvalid, ShopUnknown)


@dataclass(frozen=True)
class Delivery:
    """What delivering needs."""

    sessions: Sessions
    store: Store
    send: Send

    def pending(self, pending: Pending) -> bool:
        """Deliver one accepted push: True when Kafka has it, False when it was refused with a reason.

        Raises the OperatorError that waiting may mend; the push then stays owed.
        """
        try:
            change = self._read(pending)
            final = self.change(change, pending.raw_key)
        except HOPELESS as error:
            refused = Refused(
                pending.platform, pending.event_id, pending.raw_key, f"{type(error).__name__}: {error.found}"
            )
            raw_store.mark_refused(self.store, refused, pending)
            found = {"action": "push_refused", "platform": pending.platform, "event_id": pending.event_id}
            log.warning("A push cannot become an event: %s", error, extra=found)
            return False
        if final != pending.event_id:
            raw_store.mark_delivered(self.store, pending.event_id, pending.raw_key)
        raw_store.mark_delivered(self.store, final, pending.raw_key, pending)
        return True

    def change(self, change: Change, raw_key: str) -> str:
        """Complete and publish a change, and wait for Kafka; returns the event's id. Raises OperatorErrors."""
        at = self.sessions.of(change.platform, change.shop_id)
        if at is None:
            raise ShopUnknown(f"{change.platform}:{change.shop_id}")
        platform, session = at
        final, order = fetched(platform, session, change)
        return self.publish(final, order, session, raw_key)

    def publish(self, change: Change, order: Order, session: Session, raw_key: str) -> str:
        """Publish a change with its order, and wait for Kafka; returns the event's id."""
        event = event_of(change, order, session.shop, PLATFORMS[change.platform].states)
        self.send(EVENT, event, headers=((RAW_HEADER, raw_key.encode()),)).result()
        found = {"action": "order_published", "platform": change.platform, "event_id": event["event_id"]}
        log.info("Order state of %s published", change.platform, extra=found)
        return event_id_of(change)

    def _read(self, pending: Pending) -> Change:
        change = PLATFORMS[pending.platform].read_push(self.store.get(pending.raw_key))
        if change is None:
            raise PushUnreadable("the kept payload is not about an order's state")
        return change


def fetched(platform: Platform, session: Session, change: Change) -> tuple[Change, Order]:
    """The platform's order call; an answer of another shape than documented raises OrderUnreadable."""
    with as_documented(f"{platform.name} order {change.order_id}"):
        return platform.fetch(session, change)
