"""Pulls from the platforms that keep the position for us: Tiki's event queue, Sendo's list of changed orders."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable
from datetime import timedelta

from infra.backoff import pauses
from infra.errors import OperatorError
from producers.marketplaces import raw_store, sendo, sendo_orders, tiki, tiki_orders
from producers.marketplaces.change import PushUnreadable, event_id_of
from producers.marketplaces.deliver import HOPELESS, Delivery
from producers.marketplaces.orders import as_documented
from producers.marketplaces.redact import without_personal
from producers.marketplaces.session import Json, Session

log = logging.getLogger(__name__)

PAUSE_S = 30.0
LONGEST_PAUSE_S = 600.0
SENDO_LOOKS_BACK = timedelta(days=2)
"""Sendo searches by day: today and the days before are asked for again, and what is known already is passed over."""


def pull_tiki(delivery: Delivery, session: Session) -> int:
    """Publish one page of the queue, then acknowledge it; returns how many events it held.

    Acknowledged is what Kafka has, so what fails in between comes again. Raises OperatorErrors that waiting may mend.
    """
    with as_documented("tiki events/pull"):
        events, ack_id = tiki_orders.pull_events(session)
    for event in events:
        _deliver_event(delivery, session, event)
    if ack_id is not None:
        tiki_orders.acknowledge(session, ack_id)
    return len(events)


def pull_sendo(delivery: Delivery, session: Session) -> int:
    """Publish the states of orders that changed lately and are not published yet; returns how many there were."""
    now = session.now()
    with as_documented("sendo salesorder/search"):
        changed = sendo_orders.changed_orders(session, now - SENDO_LOOKS_BACK, now)
        return sum(_deliver_order(delivery, session, document) for document in changed)


def run_pull(pull: Callable[[], int], what: str, stop: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Pull again and again until told to stop: at once while there is something, else after a pause."""
    away = pauses(pause_s, LONGEST_PAUSE_S)
    while not stop.is_set():
        try:
            found = pull()
            away = pauses(pause_s, LONGEST_PAUSE_S)
            if found:
                continue
        except OperatorError as error:
            pause = next(away)
            log.warning("Pulling %s waits %.0f s: %s", what, pause, error, extra={"action": "pull_waits", "what": what})
            stop.wait(pause)
            continue
        stop.wait(pause_s)


def _deliver_event(delivery: Delivery, session: Session, event: Json) -> None:
    body = without_personal(json.dumps(event).encode())
    try:
        change = tiki.read_event(event)
    except PushUnreadable as error:
        _refuse(delivery, session, body, str(event.get("id", "without-id"))[:80], error)
        return
    if change is None or raw_store.is_delivered(delivery.store, event_id_of(change)):
        return
    raw_key = raw_store.keep_raw(delivery.store, "tiki", body, session.now())
    try:
        event_id = delivery.change(change, raw_key)
    except HOPELESS as error:
        _refuse(delivery, session, body, event_id_of(change), error)
        return
    raw_store.mark_delivered(delivery.store, event_id, raw_key)


def _deliver_order(delivery: Delivery, session: Session, document: Json) -> bool:
    """Whether a state of an order of Sendo was new."""
    body = without_personal(json.dumps(document).encode())
    name = f"order-{hashlib.sha256(body).hexdigest()}"
    try:
        change = sendo.read_order(document)
        if raw_store.is_delivered(delivery.store, event_id_of(change)):
            return False
        with as_documented(f"sendo order {change.order_id}"):
            order = sendo_orders.read_order(document)
        raw_key = raw_store.keep_raw(delivery.store, "sendo", body, session.now())
        event_id = delivery.publish(change, order, session, raw_key)
    except HOPELESS as error:
        _refuse(delivery, session, body, name, error)
        return False
    raw_store.mark_delivered(delivery.store, event_id, raw_key)
    return True


def _refuse(delivery: Delivery, session: Session, body: bytes, name: str, error: OperatorError) -> None:
    """One event that cannot be used must not hold back the others: it is kept, with the reason."""
    platform = session.shop.platform
    raw_key = raw_store.keep_raw(delivery.store, platform, body, session.now())
    reason = f"{type(error).__name__}: {error.found}"
    raw_store.mark_refused(delivery.store, raw_store.Refused(platform, name, raw_key, reason))
    found = {"action": "event_refused", "platform": platform}
    log.warning("What %s gave cannot be used: %s", platform, error, extra=found)
