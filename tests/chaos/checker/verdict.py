"""Holds topic, lake and warehouse against what was planned: lost 0, doubled 0, unexplained 0.

Independent of the pipeline: it shares no code with landing, load or ledger, and takes nothing from the lake or the
ledger for granted that the topic can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.checker.lake import Lake
from tests.chaos.checker.topic import Topic
from tests.chaos.checker.warehouse import Place, Row, Warehouse
from tests.chaos.history import BAD_RULE, GOOD, Planned

LOADED, DUPLICATE, QUARANTINED, REJECTED = "loaded", "duplicate", "quarantined", "rejected"
_FIELDS = ("source", "synthetic", "place", "step", "note")
_SHOWN = 20


@dataclass(frozen=True)
class Evidence:
    """`planned` by value, and the numbers that were acknowledged."""

    planned: Sequence[Planned]
    acknowledged: frozenset[int]
    topic: Topic
    lake: Lake
    warehouse: Warehouse


def found_wrong(evidence: Evidence) -> list[str]:
    """All that is wrong, in words; a few of each kind. Empty when every record is accounted for, once."""
    known = {each.value: each for each in evidence.planned}
    parts = (
        _of_topic(evidence, known),
        _of_lake(evidence, known),
        _of_warehouse(evidence, known),
        _of_ledger(evidence),
    )
    return [told for part in parts for told in _first(part)]


def homes(evidence: Evidence) -> Mapping[Place, str]:
    """What became of each record, by the warehouse's rows alone."""
    warehouse = evidence.warehouse
    ids = {str(row["event_id"]) for row in warehouse.core.values()}
    known = {each.value: each for each in evidence.planned}
    return {place: _home(place, known.get(value), warehouse, ids) for place, value in evidence.topic.items()}


def _home(place: Place, planned: Planned | None, warehouse: Warehouse, ids: set[str]) -> str:
    if place in warehouse.core:
        return LOADED
    if place in warehouse.quarantine:
        return REJECTED if warehouse.quarantine[place]["origin"] == "landing" else QUARANTINED
    return DUPLICATE if planned and planned.event_id in ids else "lost"


def _of_topic(evidence: Evidence, known: Mapping[bytes, Planned]) -> Iterator[str]:
    published = set(evidence.topic.values())
    for each in evidence.planned:
        if each.number in evidence.acknowledged and each.value not in published:
            yield f"lost: record {each.number} was acknowledged and is not in the topic"
        if each.number not in evidence.acknowledged:
            yield f"unexplained: record {each.number} was never acknowledged"
    for place, value in evidence.topic.items():
        if value not in known:
            yield f"unexplained: nobody published what stands at {place}"


def _of_lake(evidence: Evidence, known: Mapping[bytes, Planned]) -> Iterator[str]:
    lake = evidence.lake
    yield from lake.found
    for place, value in evidence.topic.items():
        if place in lake.events:
            if not _same_event(lake.events[place], known[value].event):
                yield f"unexplained: the lake holds another event at {place}"
        elif place not in lake.rejects:
            yield f"lost: the lake has nothing at {place}"
        elif lake.rejects[place] != value:
            yield f"unexplained: the lake's reject at {place} is not what was published"
    for place in (lake.events.keys() | lake.rejects.keys()) - evidence.topic.keys():
        yield f"unexplained: the lake holds {place}, the topic does not"


def _of_warehouse(evidence: Evidence, known: Mapping[bytes, Planned]) -> Iterator[str]:
    warehouse = evidence.warehouse
    if warehouse.doubled:
        yield f"doubled: {warehouse.doubled} rows stand where another stands"
    for event_id, times in Counter(str(row["event_id"]) for row in warehouse.core.values()).items():
        if times > 1:
            yield f"doubled: event {event_id} is in core {times} times"
    for place, home in homes(evidence).items():
        planned = known.get(evidence.topic[place])
        if planned is not None:
            yield from _wrong_home(place, home, planned, warehouse)
    for place in (warehouse.core.keys() | warehouse.quarantine.keys()) - evidence.topic.keys():
        yield f"unexplained: the warehouse holds {place}, the topic does not"


def _wrong_home(place: Place, home: str, planned: Planned, warehouse: Warehouse) -> Iterator[str]:
    wanted = {GOOD: (LOADED, DUPLICATE), BAD_RULE: (QUARANTINED,)}.get(planned.kind, (REJECTED,))
    if home == "lost":
        yield f"lost: {planned.kind} record at {place} is nowhere in the warehouse"
    elif home not in wanted:
        yield f"unexplained: {planned.kind} record at {place} is {home}"
    if place in warehouse.core and not _same_row(warehouse.core[place], planned.event):
        yield f"unexplained: the row of {place} is not the event that was published"


def _of_ledger(evidence: Evidence) -> Iterator[str]:
    ends = Counter[int]()
    for partition, offset in evidence.topic:
        ends[partition] = max(ends[partition], offset + 1)
    reached: dict[int, int] = {}
    at_home = homes(evidence)
    for entry in evidence.warehouse.ranges:
        partition, start = entry["partition"], reached.get(entry["partition"], 0)
        if entry["from_offset"] != start:
            yield f"unexplained: the ledger's range of {partition} begins at {entry['from_offset']} and not at {start}"
        reached[partition] = entry["next_offset"]
        yield from _wrong_counts(entry, at_home)
    for partition, end in ends.items():
        if not reached.get(partition) == evidence.warehouse.watermarks.get(partition) == end:
            told = (reached.get(partition), evidence.warehouse.watermarks.get(partition), end)
            yield f"lost: partition {partition}: ledger, watermark and topic end at {told}"


def _wrong_counts(entry: Row, at_home: Mapping[Place, str]) -> Iterator[str]:
    offsets = range(entry["from_offset"], entry["next_offset"])
    counted = Counter(
        at_home[entry["partition"], offset] for offset in offsets if (entry["partition"], offset) in at_home
    )
    told = {name: entry[name] for name in (LOADED, DUPLICATE, QUARANTINED, REJECTED)}
    if told != {name: counted[name] for name in told} or entry["consumed"] != counted.total():
        yield f"unexplained: the ledger tells {told} of {entry['partition']} {offsets}, there are {dict(counted)}"


def _same_event(landed: Mapping[str, Any], event: Mapping[str, Any] | None) -> bool:
    return event is not None and all(landed.get(name) == event[name] for name in _FIELDS)


def _same_row(row: Row, event: Mapping[str, Any] | None) -> bool:
    return event is not None and all(row[name] == event[name] for name in _FIELDS)


def _first(found: Iterable[str]) -> list[str]:
    told = list(found)
    return told if len(told) <= _SHOWN else [*told[:_SHOWN], f"... and {len(told) - _SHOWN} more"]
