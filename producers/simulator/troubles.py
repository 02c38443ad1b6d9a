"""What goes wrong on the way: events repeated, late, of an old version, against the rules, or unreadable.

`stream` is the good records in their order. An addition is a record with the position in the stream it goes behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from producers.simulator import dossiers
from producers.simulator.dossiers import LATER_FIELDS
from producers.simulator.identity import event_id
from producers.simulator.record import DUPLICATE, Event, Form, Outcome, Record
from producers.simulator.rule_breakers import RULE_BREAKERS

Stream = list[Record]
Addition = tuple[int, Record]

WIRE_TROUBLES: Mapping[Form, str] = {
    "truncated": "undecodable_datum",
    "over_long": "undecodable_datum",
    "unknown_schema_id": "unknown_schema_id",
    "foreign_schema_id": "foreign_schema_id",
    "garbage": "not_confluent_framed",
}


@dataclass(frozen=True)
class Shares:
    """Each trouble as a share of all records, or of an event's records; of each kind there is at least one."""

    duplicates: float = 0.02
    late: float = 0.02
    old_version: float = 0.05
    each_rule_breaker: float = 0.002
    each_wire_trouble: float = 0.0015


USUAL_SHARES = Shares()


@dataclass(frozen=True)
class TroubleCounts:
    """How many of each rule breaker and of each wire trouble an event has, and how many duplicates all have."""

    breakers: Mapping[str, int]
    wires: Mapping[str, int]
    duplicates: int

    @property
    def total(self) -> int:
        """The records that are added to the good ones."""
        breakers = sum(each * len(RULE_BREAKERS[event]) for event, each in self.breakers.items())
        return breakers + sum(self.wires.values()) * len(WIRE_TROUBLES) + self.duplicates


def count_troubles(shares: Shares, size: int, by_event: Mapping[str, float]) -> TroubleCounts:
    """For `size` records in all, of which each event has about so many; every event is duplicated at least once."""
    return TroubleCounts(
        breakers={event: max(1, round(count * shares.each_rule_breaker)) for event, count in by_event.items()},
        wires={event: max(1, round(count * shares.each_wire_trouble)) for event, count in by_event.items()},
        duplicates=max(len(by_event), round(size * shares.duplicates)),
    )


def mark_old_version(rng: Random, stream: Stream, wanted: int) -> Stream:
    """Sends some dossiers by the contract's first version, which lacked some fields."""
    at = [i for i, record in enumerate(stream) if record.event == dossiers.EVENT]
    chosen = set(rng.sample(at, min(wanted, len(at))))
    unknown = dict.fromkeys(LATER_FIELDS)
    return [
        replace(record, form="old_version", body={**record.body, **unknown}) if i in chosen else record
        for i, record in enumerate(stream)
    ]


def delay(rng: Random, stream: Stream, keys: Mapping[str, str], wanted: int) -> Stream:
    """Publishes some events well after later ones of the same key; `keys` names each event's key field."""
    followed = _positions_with_follower(stream, keys)
    chosen = _without_neighbours(rng.sample(followed, len(followed)))[:wanted]
    late = {i for i, _ in chosen}
    moved = [(follower + 1 + rng.randrange(50), replace(stream[i], late=True)) for i, follower in chosen]
    kept = [(i, record) for i, record in enumerate(stream) if i not in late]
    return [record for _, record in sorted([*kept, *moved], key=lambda pair: pair[0])]


def _without_neighbours(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that share no position with an earlier one: a late event's follower is in time."""
    seen: set[int] = set()
    kept = []
    for pair in pairs:
        if seen.isdisjoint(pair):
            kept.append(pair)
            seen.update(pair)
    return kept


def _positions_with_follower(stream: Stream, keys: Mapping[str, str]) -> list[tuple[int, int]]:
    """Positions of events that have a later event of the same key, with the position of that one."""
    following: dict[tuple[str, str], int] = {}
    found = []
    for i in range(len(stream) - 1, -1, -1):
        history = (stream[i].event, str(stream[i].body[keys[stream[i].event]]))
        if history in following:
            found.append((i, following[history]))
        following[history] = i
    return found[::-1]


def with_troubles(rng: Random, stream: Stream, counts: TroubleCounts) -> Stream:
    """The stream with every trouble of `counts` in it."""
    at = _positions(stream)
    additions = [
        *_rule_breakers(rng, stream, at, counts.breakers),
        *_wire_troubles(rng, stream, at, counts.wires),
        *_duplicates(rng, stream, at, counts.duplicates),
    ]
    return _insert(stream, additions)


def _positions(stream: Stream) -> Mapping[str, list[int]]:
    """Where each event's records are, those that the newest version of the contract was used for."""
    at: dict[str, list[int]] = {}
    for i, record in enumerate(stream):
        if record.form == "event":
            at.setdefault(record.event, []).append(i)
    return at


def _rule_breakers(
    rng: Random, stream: Stream, at: Mapping[str, list[int]], each: Mapping[str, int]
) -> Iterator[Addition]:
    for event, number in each.items():
        for breaker in RULE_BREAKERS[event]:
            fitting = [i for i in at[event] if breaker.fits(stream[i].body)]
            for i in rng.choices(fitting, k=number):
                body = _another(rng, breaker.spoil(stream[i].body))
                yield i, Record(event, body, "unchecked", Outcome("quarantined", breaker.rule))


def _wire_troubles(
    rng: Random, stream: Stream, at: Mapping[str, list[int]], each: Mapping[str, int]
) -> Iterator[Addition]:
    for event, number in each.items():
        for form, reason in WIRE_TROUBLES.items():
            for i in rng.choices(at[event], k=number):
                yield i, Record(event, _another(rng, stream[i].body), form, Outcome("rejected", reason))


def _duplicates(rng: Random, stream: Stream, at: Mapping[str, list[int]], wanted: int) -> Iterator[Addition]:
    first = {rng.choice(positions) for positions in at.values()}
    others = [i for i in range(len(stream)) if i not in first]
    for i in (*sorted(first), *rng.sample(others, wanted - len(first))):
        later = min(len(stream) - 1, i + rng.randrange(2000))
        yield later, replace(stream[i], outcome=DUPLICATE, late=False)


def _another(rng: Random, body: Event) -> Event:
    return {**body, "event_id": event_id(rng, body["occurred_at"])}


def _insert(stream: Stream, additions: Iterable[Addition]) -> Stream:
    """Each addition behind the record at its position."""
    behind: dict[int, list[Record]] = {}
    for i, record in additions:
        behind.setdefault(i, []).append(record)
    return [each for i, record in enumerate(stream) for each in (record, *behind.get(i, ()))]
