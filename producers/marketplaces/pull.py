"""Pulls from the platforms that keep the position for us: Tiki's event queue, Sendo's list of changed orders."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

from infra.errors import OperatorError
from producers.marketplaces import raw_store, sendo_orders, tiki, tiki_orders
from producers.marketplaces.change import PushUnreadable, event_id_of
from producers.marketplaces.deliver import HOPELESS, Delivery
from producers.marketplaces.redact import without_personal
from producers.marketplaces.session import Session

log = logging.getLogger(__name__)

PAUSE_S = 30.0
LONGEST_PAUSE_S = 600.0
SENDO_LOOKS_BACK = timedelta(days=2)
"""Sendo searches by day: today and the days before are asked for again, and what is known already is passed over."""


def pull_tiki(delivery: Delivery, session: Session) -> int:
    """Publish one page of the queue, then acknowledge it; returns how many events it held.

    Acknowledged is what Kafka has, so what fails in between comes again. Raises OperatorErrors that waiting may mend.
    """
    events, ack_id = tiki_orders.pull_events(session)
    for event in events:
        _deliver_event(delivery, session, event)
    if ack_id is not None:
        tiki_orders.acknowledge(session, ack_id)
    return len(events)


def pull_sendo(delivery: Delivery, session: Session) -> int:
    """Publish the states of orders that changed lately and are not published yet; returns how many there were."""
    now, published = session.now(), 0
    for change, order in sendo_orders.changed_orders(session, now - SENDO_LOOKS_BACK, now):
        event_id = event_id_of(change)
        if raw_store.is_delivered(delivery.store, event_id):
            continue
        known = {"order_number": change.order_id, "order_status": change.state, "at": change.updated_at.isoformat()}
        raw_key = raw_store.keep_raw(delivery.store, "sendo", json.dumps(known).encode(), now)
        delivery.publish(change, order, session, raw_key)
        raw_store.mark_delivered(delivery.store, event_id, raw_key)
        published += 1
    return published


PULLS: Mapping[str, Callable[[Delivery, Session], int]] = {"tiki": pull_tiki, "sendo": pull_sendo}


def run_pull(pull: Callable[[], int], what: str, stop: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Pull again and again until told to stop: at once while there is something, else after a pause."""
    pause = pause_s
    while not stop.is_set():
        try:
            found = pull()
            pause = pause_s
            if found:
                continue
        except OperatorError as error:
            log.warning("Pulling %s waits %.0f s: %s", what, pause, error, extra={"action": "pull_waits", "what": what})
            stop.wait(pause)
            pause = min(LONGEST_PAUSE_S, 2 * pause)
            continue
        stop.wait(pause)


def _deliver_event(delivery: Delivery, session: Session, event: dict[str, object]) -> None:
    body = without_personal(json.dumps(event).encode())
    try:
        change = tiki.read_event(event)
        if change is None:
            return
    except PushUnreadable as error:
        _refuse(delivery, session, body, str(event.get("id", "without-id"))[:80], error)
        return
    event_id = event_id_of(change)
    if raw_store.is_delivered(delivery.store, event_id):
        return
    raw_key = raw_store.keep_raw(delivery.store, "tiki", body, session.now())
    try:
        delivery.change(change, raw_key)
    except HOPELESS as error:
        _refuse(delivery, session, body, event_id, error)
        return
    raw_store.mark_delivered(delivery.store, event_id, raw_key)


def _refuse(delivery: Delivery, session: Session, body: bytes, name: str, error: OperatorError) -> None:
    """One event that cannot be used must not block the queue: it is kept, with the reason."""
    raw_key = raw_store.keep_raw(delivery.store, "tiki", body, session.now())
    reason = f"{type(error).__name__}: {error.found}"
    raw_store.mark_refused(delivery.store, raw_store.Refused("tiki", name, raw_key, reason))
    log.warning("An event of Tiki cannot be used: %s", error, extra={"action": "event_refused", "platform": "tiki"})
