"""Shares the simulated events out among the ways in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from infra.demo.ways.way import Way
from producers.simulator.foreign.message import Message
from producers.simulator.record import Record


@dataclass(frozen=True)
class Shared:
    """`records` are all records as they must arrive; `messages` those that go by each way, by its name.

    What is in no message is published through the SDK.
    """

    records: list[Record]
    messages: Mapping[str, list[Message]] = field(default_factory=dict)

    @property
    def way_of(self) -> Mapping[str, str]:
        """The way's name by the event's id, of those that do not take the SDK."""
        return {each.record.body["event_id"]: name for name, told in self.messages.items() for each in told}

    @property
    def direct(self) -> list[Record]:
        """The records that the SDK publishes."""
        way_of = self.way_of
        return [record for record in self.records if record.body["event_id"] not in way_of]

    def of_events(self, events: Collection[str]) -> Shared:
        """What concerns these events."""
        told = {way: [each for each in found if each.record.event in events] for way, found in self.messages.items()}
        return Shared([record for record in self.records if record.event in events], told)


def share_out(records: Sequence[Record], ways: Iterable[Way], keys: Mapping[str, str]) -> Shared:
    """Each way takes, of what the ways before it have left, the events that it `takes`; `keys` are the key fields.

    All that was told of one key goes the same way, and so does a repeated event. What is no good event of the newest
    version, or has a key with such records, is left to the SDK.
    """
    chosen = _Chosen(list(ways), keys, _mixed(records, keys))
    messages: dict[str, list[Message]] = {way.name: [] for way in chosen.ways}
    arriving = []
    for record in records:
        way = chosen.way_for(record)
        if way is None:
            arriving.append(record)
            continue
        message = way.tell(record)
        messages[way.name].append(message)
        arriving.append(message.record)
    return Shared(arriving, messages)


Key = tuple[str, str]


class _Chosen:
    """The way that each key goes; decided at its first event."""

    def __init__(self, ways: list[Way], keys: Mapping[str, str], mixed: set[Key]) -> None:
        self.ways, self._keys, self._mixed = ways, keys, mixed
        self._way_of: dict[tuple[Key, str], Way | None] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def way_for(self, record: Record) -> Way | None:
        key = _key_of(record, self._keys)
        if record.form != "event" or key in self._mixed:
            return None
        # Two sources may speak of one key, as the two agencies that tell of one document.
        at = (key, str(record.body["source"]))
        if at not in self._way_of:
            self._way_of[at] = self._first_willing(record)
        return self._way_of[at]

    def _first_willing(self, record: Record) -> Way | None:
        for way in self.ways:
            count = self._counts.get((way.name, record.event), 0)
            if way.takes(record) and count < way.most.get(record.event, count + 1):
                self._counts[way.name, record.event] = count + 1
                return way
        return None


def _key_of(record: Record, keys: Mapping[str, str]) -> Key:
    return record.event, str(record.body[keys[record.event]])


def _mixed(records: Iterable[Record], keys: Mapping[str, str]) -> set[Key]:
    return {_key_of(record, keys) for record in records if record.form == "old_version"}
