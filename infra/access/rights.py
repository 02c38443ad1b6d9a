"""What each client might write at which time, as one snapshot of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.access.clients import ANY, Client, source_matches

FOREVER = 2**63 - 1


@dataclass(frozen=True)
class Period:
    """From `start` until before `end`, in milliseconds since 1970, as Kafka's timestamps."""

    start: int
    end: int = FOREVER

    @property
    def is_open(self) -> bool:
        """Whether it has not been revoked."""
        return self.end == FOREVER

    def covers(self, at: int) -> bool:
        """Whether the time lies within."""
        return self.start <= at < self.end


Periods = tuple[Period, ...]


@dataclass(frozen=True)
class Rights:
    """One client's rights over time; `keys` by version of its signing key."""

    name: str
    organisation: str
    keys: Mapping[int, Period]
    events: Mapping[str, Periods]
    sources: Mapping[str, Periods]

    def periods_of_event(self, event: str) -> Periods:
        """When it may write the event."""
        return (*self.events.get(event, ()), *self.events.get(ANY, ()))

    def periods_of_source(self, source: str) -> Periods:
        """When it may speak for the source."""
        return tuple(
            period for granted, periods in self.sources.items() if source_matches(granted, source) for period in periods
        )

    def now(self) -> Client | None:
        """What has not been revoked; None when no key is left."""
        if not any(period.is_open for period in self.keys.values()):
            return None
        return Client(self.name, self.organisation, frozenset(_open(self.events)), tuple(sorted(_open(self.sources))))


@dataclass(frozen=True)
class ApiKey:
    """`hash` is SHA-256 of the whole key; it holds until `end`, ms since 1970."""

    name: str
    hash: bytes
    end: int


@dataclass(frozen=True)
class Snapshot:
    """All clients by name and all API keys by id; `as_of` is the database's clock, ms, before it was read."""

    revision: int
    as_of: int
    rights: Mapping[str, Rights]
    clients: Mapping[str, Client]
    api_keys: Mapping[str, ApiKey]


def _open(granted: Mapping[str, Periods]) -> list[str]:
    return [value for value, periods in granted.items() if any(period.is_open for period in periods)]
