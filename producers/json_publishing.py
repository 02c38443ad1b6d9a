"""Publishes events of a file: the good ones are sent, the bad ones are counted and told with place and reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from producers.json_events import PlacedEvent
from producers.json_lines import LineInvalid
from producers.unconfirmed import OnItsWay, Unconfirmed
from schemas.codec import EventInvalid

Send = Callable[[str, Mapping[str, Any]], OnItsWay]
OnBad = Callable[[str, str], None]
"""Hears the place of an event that was not sent, and the reason, at once."""


@dataclass(frozen=True)
class Summary:
    """`sent` events are confirmed by Kafka; `bad` ones were not sent."""

    sent: int
    bad: int


def publish_events(
    send: Send, event_name: str, events: Iterable[PlacedEvent], on_bad: OnBad = lambda _place, _reason: None
) -> Summary:
    """Sends every event that keeps the contract and waits for Kafka's confirmation.

    Raises NotAcknowledged when Kafka does not confirm an event: those before it may have been sent, and sending the
    file again is harmless when the events have ids.
    """
    sent = bad = 0
    waiting = Unconfirmed()
    for each in events:
        try:
            waiting.add(send(event_name, each.read()))
            sent += 1
        except (LineInvalid, EventInvalid) as error:
            on_bad(each.place, error.found if isinstance(error, EventInvalid) else str(error))
            bad += 1
    waiting.confirm()
    return Summary(sent, bad)
