"""What the adapters of other formats make of an item: an event, and where each of its fields came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from schemas.codec import EventInvalid

_NOWHERE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Translated:
    """`places` tells for fields of the event what they are called in the item: a path or a name."""

    event_name: str
    event: Mapping[str, Any]
    places: Mapping[str, str] = field(default_factory=lambda: _NOWHERE)


def located(error: EventInvalid, places: Mapping[str, str]) -> EventInvalid:
    """A broken contract told by the names that the sender knows."""
    found = []
    for each in error.violations:
        place = places.get(each.field.split("[")[0].split(".")[0])
        found.append(each if place is None else replace(each, field=place, message=f"{place}: {each.message}"))
    return EventInvalid(found)
