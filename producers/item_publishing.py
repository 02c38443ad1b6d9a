"""Publishes items of other formats: the good ones are sent, the bad ones are listed with place and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from producers.client import Sent
from producers.translated import Translated, located
from schemas.codec import EventInvalid

_WINDOW = 20_000


class OnItsWay(Protocol):
    """What `send` gives: a delivery or a receipt."""

    def result(self, timeout_s: float = ...) -> Sent:
        """Where the event stands; raises NotAcknowledged."""


Send = Callable[[str, Mapping[str, Any]], OnItsWay]


@dataclass(frozen=True)
class BadItem:
    """An item that was not sent: `place` is a file or a number, `reason` names each field, the rule and the value."""

    place: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """`sent` counts confirmed events by name."""

    sent: Mapping[str, int]
    bad: tuple[BadItem, ...]


def publish_items(send: Send, items: Iterable[tuple[str, Callable[[], Translated]]]) -> Imported:
    """Send every item that can be translated and keeps its contract; `items` are places and what translates them.

    Memory stays bounded: at most 20 000 events are unconfirmed at a time. Raises NotAcknowledged; sending all again is
    harmless, since the adapters give the same item the same event_id.
    """
    sent: Counter[str] = Counter()
    bad: list[BadItem] = []
    waiting: list[OnItsWay] = []
    for place, translated in items:
        places: Mapping[str, str] = {}
        try:
            item = translated()
            places = item.places
            waiting.append(send(item.event_name, item.event))
            sent[item.event_name] += 1
        except EventInvalid as error:
            bad.append(BadItem(place, located(error, places).found))
        if len(waiting) >= _WINDOW:
            _confirm(waiting)
    _confirm(waiting)
    return Imported(dict(sent), tuple(bad))


def _confirm(waiting: list[OnItsWay]) -> None:
    for each in waiting:
        each.result()
    waiting.clear()
