"""Recovers pushes that Shopee could not deliver: fetched, made durable, then confirmed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from producers.marketplaces import raw_store, shopee, shopee_orders
from producers.marketplaces.change import PushUnreadable
from producers.marketplaces.keep import keep_change, keep_unreadable
from producers.marketplaces.orders import as_documented
from producers.marketplaces.session import Session
from producers.marketplaces.sessions import Sessions

log = logging.getLogger(__name__)


def apps_of(sessions: Sessions) -> Iterator[Session]:
    """One session for each app: the list of lost pushes is the app's, not a shop's."""
    seen: set[str] = set()
    for _platform, session in sessions.all("shopee"):
        if session.app.key not in seen:
            seen.add(session.app.key)
            yield session


def recover_lost(session: Session, store: raw_store.Store) -> int:
    """Take in every lost push of the app; returns how many were new to us.

    A page is confirmed when all of it is durable, so a crash before that gives it again, which counts once.
    Raises PlatformUnavailable, PlatformRefused, and what the object store raises.
    """
    taken = 0
    while True:
        with as_documented("shopee get_lost_push_message"):
            messages, last, more = shopee_orders.lost_pushes(session)
        taken += sum(_take(session, message.encode(), store) for message in messages)
        if last is None:
            return taken
        shopee_orders.confirm_lost(session, last)
        found = {"action": "lost_pushes", "platform": "shopee", "messages": len(messages), "last": last}
        log.warning("%d pushes of Shopee had been lost", len(messages), extra=found)
        if not more:
            return taken


def _take(session: Session, body: bytes, store: raw_store.Store) -> bool:
    """Whether it was new; one that cannot be read is kept aside and holds back none behind it."""
    now = session.now()
    try:
        change = shopee.read_push(body)
        return change is not None and keep_change(store, session.app, change, body, now)
    except PushUnreadable as error:
        keep_unreadable(store, "shopee", body, error, now)
        return False
