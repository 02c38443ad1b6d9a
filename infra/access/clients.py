"""A client: a system outside the platform that may write events."""

from __future__ import annotations

from dataclasses import dataclass

ANY = "*"
PLATFORM = "platform"


@dataclass(frozen=True)
class Client:
    """What a client may do now.

    `events` are names of events, `*` for all (the platform's own parts). `sources` are exact values of the field
    `source`, or beginnings that end in `*`, as `shopee:*`.
    """

    name: str
    organisation: str
    events: frozenset[str]
    sources: tuple[str, ...]

    def may_write(self, event: str) -> bool:
        """Whether it may write events of that name."""
        return event in self.events or ANY in self.events

    def may_speak_for(self, source: str) -> bool:
        """Whether it may write events with that `source`."""
        return any(source_matches(granted, source) for granted in self.sources)


def source_matches(granted: str, source: str) -> bool:
    """Whether a granted source, exact or a beginning with `*`, covers the source of an event."""
    return source.startswith(granted[:-1]) if granted.endswith(ANY) else source == granted
