"""Where pushes are kept in the object store: the payload for audit, and what is still to be delivered.

raw/marketplace/<platform>/<yyyy>/<mm>/<dd>/<sha256>.json   the payload, never changed (decision 0803)
raw/marketplace/pending/<platform>/<event_id>               accepted, not yet in Kafka
raw/marketplace/by-event/<event_id>                         in Kafka; names the payload
raw/marketplace/refused/<platform>/<event_id or sha256>     cannot become an event; names payload and reason
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from infra.object_store import ObjectExists, ObjectMissing
from producers.marketplaces.reading import VIETNAM

ROOT = "raw/marketplace"


class Store(Protocol):
    """What of infra.object_store.LakeStore is used here; see there for the errors."""

    def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None: ...  # noqa: D102
    def get(self, key: str) -> bytes: ...  # noqa: D102
    def delete(self, key: str) -> None: ...  # noqa: D102
    def list_after(self, prefix: str, start_after: str = "") -> Iterator[str]: ...  # noqa: D102


@dataclass(frozen=True)
class Pending:
    """A push that waits for delivery: its platform, the key of its payload, and when it came (ISO 8601, UTC)."""

    platform: str
    event_id: str
    raw_key: str
    accepted_at: str


@dataclass(frozen=True)
class Refused:
    """A push that cannot become an event."""

    platform: str
    name: str
    raw_key: str
    reason: str


def keep_raw(store: Store, platform: str, body: bytes, now: datetime) -> str:
    """Store a payload, once, under the day it came (Vietnam time); returns its key."""
    day = now.astimezone(VIETNAM)
    key = f"{ROOT}/{platform}/{day:%Y/%m/%d}/{hashlib.sha256(body).hexdigest()}.json"
    try:
        store.put(key, body, if_absent=True)
    except ObjectExists:
        return key
    return key


def is_delivered(store: Store, event_id: str) -> bool:
    """Whether that event is in Kafka already."""
    return raw_key_of(store, event_id) is not None


def raw_key_of(store: Store, event_id: str) -> str | None:
    """The key of the payload an event was made of; None when no marketplace event of that id was delivered."""
    try:
        return store.get(f"{ROOT}/by-event/{event_id}").decode()
    except ObjectMissing:
        return None


def put_pending(store: Store, pending: Pending) -> None:
    """From here on the event is owed, whatever happens to this process."""
    store.put(_pending_key(pending), json.dumps(asdict(pending)).encode())


def pending_of(store: Store, platform: str) -> Iterator[Pending]:
    """What waits for delivery; one that another process delivers meanwhile is passed over."""
    for key in store.list_after(f"{ROOT}/pending/{platform}/"):
        try:
            yield Pending(**json.loads(store.get(key)))
        except ObjectMissing:
            continue


def mark_delivered(store: Store, event_id: str, raw_key: str, pending: Pending | None = None) -> None:
    """Kafka has the event: name its payload, then owe it no longer."""
    store.put(f"{ROOT}/by-event/{event_id}", raw_key.encode())
    if pending:
        store.delete(_pending_key(pending))


def mark_refused(store: Store, refused: Refused, pending: Pending | None = None) -> None:
    """Keep what cannot become an event, with the reason, for a person to look at."""
    store.put(f"{ROOT}/refused/{refused.platform}/{refused.name}", json.dumps(asdict(refused)).encode())
    if pending:
        store.delete(_pending_key(pending))


def refused_of(store: Store, platform: str) -> Iterator[Refused]:
    """What was refused, in the order of the names."""
    for key in store.list_after(f"{ROOT}/refused/{platform}/"):
        yield Refused(**json.loads(store.get(key)))


def retry_refused(store: Store, platform: str, now: datetime) -> int:
    """Owe again what was refused, after what stood in the way was mended; returns how many there were."""
    entries = list(refused_of(store, platform))
    for entry in entries:
        put_pending(store, Pending(platform, entry.name, entry.raw_key, now.isoformat(timespec="milliseconds")))
        store.delete(f"{ROOT}/refused/{platform}/{entry.name}")
    return len(entries)


def _pending_key(pending: Pending) -> str:
    return f"{ROOT}/pending/{pending.platform}/{pending.event_id}"
