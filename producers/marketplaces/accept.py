"""Takes in one push: signature on the raw bytes first, then time, then content; nothing is published here.

A push that is accepted is durable in the object store (decision 0801); `deliver.py` does the rest.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from producers.marketplaces import raw_store
from producers.marketplaces.change import Change, PushUnreadable
from producers.marketplaces.keep import keep_change, keep_unreadable
from producers.marketplaces.platforms import Platform
from producers.marketplaces.shops import App, Marketplaces
from producers.marketplaces.signing import base_string, hmac_hex, matches

log = logging.getLogger(__name__)

AHEAD = timedelta(minutes=5)
"""How far a platform's clock may be ahead of ours."""


class Verdict(Enum):
    """What became of a push; the first four are answered with success, so that the platform does not repeat it."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    NOT_OURS = "not_ours"
    FOREIGN_SHOP = "shop_not_configured"
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
        kept = keep_change(store, app, change, push.body, now)
    except PushUnreadable as error:
        keep_unreadable(store, platform.name, push.body, error, now)
        return Verdict.UNREADABLE, error.found
    if app.shop(change.shop_id) is None:
        return Verdict.FOREIGN_SHOP, f"shop {change.shop_id}"
    return (Verdict.ACCEPTED if kept else Verdict.REPEATED), ""


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
