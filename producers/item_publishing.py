"""Publishes items of other formats: the good ones are sent, the bad ones are listed with place and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from producers.translated import Translated, located
from producers.unconfirmed import OnItsWay, Unconfirmed
from schemas.codec import EventInvalid

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

    Raises NotAcknowledged; sending all again is harmless, since the adapters give the same item the same event_id.
    """
    sent: Counter[str] = Counter()
    bad: list[BadItem] = []
    waiting = Unconfirmed()
    for place, translated in items:
        places: Mapping[str, str] = {}
        try:
            item = translated()
            places = item.places
            waiting.add(send(item.event_name, item.event))
            sent[item.event_name] += 1
        except EventInvalid as error:
            bad.append(BadItem(place, located(error, places).found))
    waiting.confirm()
    return Imported(dict(sent), tuple(bad))
