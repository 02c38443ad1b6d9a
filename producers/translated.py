"""What the adapters of other formats make of an item: an event, and where each of its fields came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from schemas.codec import EventInvalid
from schemas.rules import Violation

_NOWHERE: Mapping[str, str] = MappingProxyType({})


class Untranslated(EventInvalid):
    """The item cannot become an event: mend what is named and send the item again."""

    def __init__(self, violations: list[Violation], partial: Translated | None = None) -> None:
        super().__init__(violations)
        self.partial = partial  # what could be read, so that the contract can judge it too


@dataclass(frozen=True)
class Translated:
    """`places` tells for fields of the event what they are called in the item: a path or a name."""

    event_name: str
    event: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=lambda: _NOWHERE)


def located(error: EventInvalid, places: Mapping[str, str]) -> EventInvalid:
    """A broken contract told by the names that the sender knows."""
    return EventInvalid([_located(each, places) for each in error.violations])


def all_faults(error: Untranslated, check: Callable[[Mapping[str, Any]], Sequence[Violation]]) -> list[Violation]:
    """What kept the item from being translated, and what the contract (`check`) says of that which was read."""
    told = list(error.violations)
    if error.partial is None:
        return told
    fields = {each.field for each in told}
    judged = [_located(each, error.partial.places) for each in check(error.partial.event) if each.rule != "required"]
    return told + [each for each in judged if each.field not in fields]


def _located(each: Violation, places: Mapping[str, str]) -> Violation:
    place = places.get(each.field.split("[")[0].split(".")[0])
    if place is None:
        return each
    told = [_renamed(text, each.field, place) for text in (each.message, each.message_vi)]
    return replace(each, field=place, message=told[0], message_vi=told[1])


def _renamed(text: str, field: str, place: str) -> str:
    """The message with the sender's name in the place of ours, or before it where ours says more."""
    return f"{place}{text[len(field) :]}" if text.startswith(f"{field} ") and "." not in field else f"{place}: {text}"
