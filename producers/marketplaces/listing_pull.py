"""Publishes what changed of the products that a shop offers, each version once."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta

from infra.errors import OperatorError
from infra.object_store import ObjectMissing
from producers.marketplaces import raw_store, shopee_items
from producers.marketplaces.deliver import HOPELESS, RAW_HEADER, Delivery
from producers.marketplaces.listings import EVENT, Listing, event_id_of, event_of, note_told, state_of, told_of
from producers.marketplaces.orders import as_documented
from producers.marketplaces.redact import without_personal
from producers.marketplaces.session import Json, Session

log = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)
"""What is asked for again each time: a platform's list may be behind its clock. What is known is passed over."""
BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
"""Before any shop: the first pull tells everything that is on sale."""


def pull_listings(delivery: Delivery, session: Session) -> int:
    """Publish the changes of one shop's listings since the last pull, oldest first; returns how many were published.

    The time up to which they are known is kept once Kafka has them all, so what fails in between comes again. Raises
    OperatorErrors that waiting may mend.
    """
    until = session.now()
    mark = f"{raw_store.ROOT}/listed-until/{session.shop.platform}/{session.shop.shop_id}"
    with as_documented(f"{session.shop.source} products"):
        items = list(shopee_items.changed_items(session, _since(delivery.store, mark), until))
    published = sum(_publish(delivery, session, item, listing) for item, listing in _readable(delivery, session, items))
    delivery.store.put(mark, until.astimezone(UTC).isoformat().encode())
    return published


def _since(store: raw_store.Store, mark: str) -> datetime:
    try:
        return datetime.fromisoformat(store.get(mark).decode()) - OVERLAP
    except ObjectMissing:
        return BEGINNING


def _readable(delivery: Delivery, session: Session, items: list[Json]) -> list[tuple[Json, Listing]]:
    """Products with what they say, in the order of their changes; those that cannot be used are refused."""
    found: list[tuple[Json, Listing]] = []
    for item in items:
        try:
            with as_documented(f"{session.shop.source} product {item.get('item_id')}"):
                listing = shopee_items.read_item(session, item)
        except HOPELESS as error:
            _refuse(delivery, session, item, error)
            continue
        if listing is not None:
            found.append((item, listing))
    return sorted(found, key=lambda each: each[1].updated_at)


def _publish(delivery: Delivery, session: Session, item: Json, listing: Listing) -> bool:
    told = told_of(delivery.store, listing)
    state = state_of(listing, told)
    if state is None:
        return False
    version = told.version + 1 if told else 1
    raw_key = _keep(delivery, session, item)
    try:
        event = event_of(listing, state, version, session.shop)
        delivery.send(EVENT, event, headers=((RAW_HEADER, raw_key.encode()),)).result()
    except HOPELESS as error:
        _refuse(delivery, session, item, error)
        return False
    raw_store.mark_delivered(delivery.store, event_id_of(listing), raw_key)
    note_told(delivery.store, listing, version)
    found = {"action": "listing_published", "platform": listing.platform, "event_id": event_id_of(listing)}
    log.info("Listing of %s published", session.shop.source, extra=found)
    return True


def _keep(delivery: Delivery, session: Session, item: Json) -> str:
    body = without_personal(json.dumps(item).encode())
    return raw_store.keep_raw(delivery.store, session.shop.platform, body, session.now())


def _refuse(delivery: Delivery, session: Session, item: Json, error: OperatorError) -> None:
    """One product that cannot be used must not hold back the others: it is kept, with the reason."""
    raw_key, platform = _keep(delivery, session, item), session.shop.platform
    name = f"listing-{hashlib.sha256(raw_key.encode()).hexdigest()}"
    reason = f"{type(error).__name__}: {error.found}"
    raw_store.mark_refused(delivery.store, raw_store.Refused(platform, name, raw_key, reason))
    found = {"action": "listing_refused", "platform": platform}
    log.warning("A product of %s cannot be told: %s", session.shop.source, error, extra=found)
