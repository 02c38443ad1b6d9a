"""Takes in one push: signature on the raw bytes first, then time, then content; nothing is published here.

A push that is accepted is durable in the object store (decision 0801); `deliver.py` does the rest.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum

from producers.marketplaces import raw_store
from producers.marketplaces.change import Change, PushUnreadable, event_id_of
from producers.marketplaces.platforms import Platform
from producers.marketplaces.redact import without_personal
from producers.marketplaces.shops import App, Marketplaces
from producers.marketplaces.signing import base_string, hmac_hex, matches

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours."""


class Verdict(Enum):
    """What became of a push; the first three are answered with success, so that the platform does not repeat it."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    NOT_OURS = "not_ours"
    BAD_SIGNATURE = "bad_signature"
    STALE = "stale"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Push:
    """A request as it came; `proof` is the Authorization header, or the key in the URL where nothing is signed."""

    body: bytes
    proof: str


def accept(
    push: Push, platform: Platform, marketplaces: Marketplaces, store: raw_store.Store, now: datetime
) -> Verdict:
    """Judge a push, and make it durable when it is one of ours. Raises what the object store raises."""
    verdict, why = _judge(push, platform, marketplaces, store, now)
    found = {"action": f"push_{verdict.value}", "platform": platform.name, "bytes": len(push.body)}
    level = logging.INFO if verdict in (Verdict.ACCEPTED, Verdict.NOT_OURS) else logging.WARNING
    log.log(level, "Push of %s: %s %s", platform.name, verdict.value, why, extra=found)
    return verdict


def _judge(
    push: Push, platform: Platform, marketplaces: Marketplaces, store: raw_store.Store, now: datetime
) -> tuple[Verdict, str]:
    app = signing_app(push, platform, marketplaces)
    if app is None:
        return Verdict.BAD_SIGNATURE, ""
    try:
        change = platform.read_push(push.body)
        if change is None:
            return Verdict.NOT_OURS, ""
        if not _is_fresh(change, app.max_age or platform.max_age, now):
            return Verdict.STALE, f"signed at {change.sent_at}"
        return _keep(push, platform, app, change, store, now), ""
    except PushUnreadable as error:
        return Verdict.UNREADABLE, error.found


def signing_app(push: Push, platform: Platform, marketplaces: Marketplaces) -> App | None:
    """The app whose secret made the proof. Every app is tried, so that the time taken does not tell which."""
    found = None
    for app in marketplaces.of(platform.name):
        expected = _expected(app, platform, push.body)
        if expected and matches(expected, push.proof):
            found = app
    return found


def _expected(app: App, platform: Platform, body: bytes) -> str | None:
    template = app.base_string or platform.base_string
    if template is None:
        return app.push_key
    return hmac_hex(app.secret, base_string(template, url=app.callback_url, app_key=app.key, body=body))


def _is_fresh(change: Change, max_age: timedelta, now: datetime) -> bool:
    return change.sent_at is None or -AHEAD <= now - change.sent_at <= max_age


def _keep(push: Push, platform: Platform, app: App, change: Change, store: raw_store.Store, now: datetime) -> Verdict:
    event_id = event_id_of(change)
    if raw_store.is_delivered(store, event_id):
        return Verdict.REPEATED
    raw_key = raw_store.keep_raw(store, platform.name, without_personal(push.body), now)
    if app.shop(change.shop_id) is None:
        reason = f"shop {change.shop_id} is not among the app's shops"
        raw_store.mark_refused(store, raw_store.Refused(platform.name, event_id, raw_key, reason))
        return Verdict.NOT_OURS
    accepted_at = now.astimezone(UTC).isoformat(timespec="milliseconds")
    raw_store.put_pending(store, raw_store.Pending(platform.name, event_id, raw_key, accepted_at))
    return Verdict.ACCEPTED
