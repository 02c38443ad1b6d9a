"""What a platform tells: an order, or a line of it, has a new state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from infra.errors import OperatorError

# Never change it: ids of events that are in the warehouse come from it.
NAMESPACE = UUID("6d1f6f0a-9f39-5c0e-8b1c-5d9f3b0f8a41")


class PushUnreadable(OperatorError):
    """A push is not what the platform documents: compare the kept raw payload with the platform's documentation."""


@dataclass(frozen=True)
class Change:
    """`line_id` is empty where the platform speaks of whole orders; `state` is the platform's own word.

    `sent_at` is the time the platform signed, which tells a stale push; None where nothing is signed.
    """

    platform: str
    shop_id: str
    order_id: str
    state: str
    updated_at: datetime
    line_id: str = ""
    sent_at: datetime | None = None


def event_id_of(change: Change) -> str:
    """The same for every push of the same step: a repeat, a retry or a recovered push counts once."""
    millis = round(change.updated_at.astimezone(UTC).timestamp() * 1000)
    parts = (change.platform, change.shop_id, change.order_id, change.line_id, change.state, str(millis))
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))
