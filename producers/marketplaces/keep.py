"""Makes a verified change durable, however it came: pushed, or found in a list of lost pushes."""

from __future__ import annotations

import hashlib
import logging
from datetime import UTC, datetime

from producers.marketplaces import raw_store
from producers.marketplaces.change import Change, PushUnreadable, event_id_of
from producers.marketplaces.redact import without_personal
from producers.marketplaces.shops import App

log = logging.getLogger(__name__)


def keep_change(store: raw_store.Store, app: App, change: Change, body: bytes, now: datetime) -> bool:
    """Keep the payload and owe the event; False when Kafka has it already, or the shop is not configured.

    A change of an unknown shop is kept as refused, with the reason. Raises PushUnreadable for a body that is no JSON.
    """
    event_id = event_id_of(change)
    if raw_store.is_delivered(store, event_id):
        return False
    raw_key = raw_store.keep_raw(store, app.platform, without_personal(body), now)
    if app.shop(change.shop_id) is None:
        reason = f"shop {change.shop_id} is not among the app's shops"
        raw_store.mark_refused(store, raw_store.Refused(app.platform, event_id, raw_key, reason))
        return False
    accepted_at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    raw_store.put_pending(store, raw_store.Pending(app.platform, event_id, raw_key, accepted_at))
    return True


def keep_unreadable(store: raw_store.Store, platform: str, body: bytes, error: PushUnreadable, now: datetime) -> None:
    """Keep a verified body of another form than documented, with the reason; what is no JSON is told in the log alone,
    since nobody can say what of it is personal."""
    found = {"action": "push_unreadable", "platform": platform, "bytes": len(body), "reason": error.found}
    log.warning("A payload of %s is not as documented: %s", platform, error.found, extra=found)
    try:
        kept = without_personal(body)
    except PushUnreadable:
        return
    raw_key = raw_store.keep_raw(store, platform, kept, now)
    name = f"unreadable-{hashlib.sha256(kept).hexdigest()}"
    raw_store.mark_refused(store, raw_store.Refused(platform, name, raw_key, f"PushUnreadable: {error.found}"))
