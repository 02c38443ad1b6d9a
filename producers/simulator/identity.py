"""Event ids that the same seed makes again."""

from __future__ import annotations

from datetime import datetime
from random import Random
from uuid import UUID


def event_id(rng: Random, moment: datetime) -> str:
    """A UUIDv7 (RFC 9562) of that moment, its random bits drawn from `rng`."""
    millis = int(moment.timestamp() * 1000)
    value = millis << 80 | rng.getrandbits(80)
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return str(UUID(int=value | 0x7 << 76 | 0x2 << 62))
