"""A month of the province as a list of records, with a known number of every trouble mixed in.

Everything is drawn from one seeded generator: the same seed and size give the same records, ids included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from producers.simulator import cooperation, dossiers, orders
from producers.simulator.identity import event_id
from producers.simulator.places import Places
from producers.simulator.record import DUPLICATE, Event, Form, Outcome, Record
from producers.simulator.rule_breakers import RULE_BREAKERS

Source = Callable[[Random, Places], Iterator[list[Event]]]

SOURCES: Mapping[str, tuple[float, Source]] = {
    dossiers.EVENT: (0.64, dossiers.dossier_events),
    orders.EVENT: (0.32, orders.order_events),
    cooperation.EVENT: (0.04, cooperation.cooperation_events),
}
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


def make_scenario(seed: int, size: int, places: Places, shares: Shares = Shares()) -> list[Record]:
    """`size` records in the order they are to be published; events of one key are in order save the late ones."""
    rng = Random(seed)  # noqa: S311  a simulation must be repeatable
    breakers = {event: max(1, round(size * share * shares.each_rule_breaker)) for event, (share, _) in SOURCES.items()}
    wires = {event: max(1, round(size * share * shares.each_wire_trouble)) for event, (share, _) in SOURCES.items()}
    duplicates = round(size * shares.duplicates)
    troubles = sum(breakers[event] * len(RULE_BREAKERS[event]) + wires[event] * len(WIRE_TROUBLES) for event in SOURCES)
    stream = _good_stream(rng, places, size - duplicates - troubles)
    stream = _mark_old_version(rng, stream, round(size * shares.old_version))
    stream = _delay(rng, stream, round(size * shares.late))
    additions = [
        *_rule_breakers(rng, stream, breakers),
        *_wire_troubles(rng, stream, wires),
        *_duplicates(rng, stream, duplicates),
    ]
    return _insert(stream, additions)


def _good_stream(rng: Random, places: Places, size: int) -> list[Record]:
    records: list[Record] = []
    for event, (share, source) in SOURCES.items():
        wanted = size - len(records) if event == cooperation.EVENT else round(size * share)
        records += [Record(event, body) for body in _take(source(rng, places), wanted)]
    return sorted(records, key=lambda record: (record.body["occurred_at"], record.body["event_id"]))


def _take(histories: Iterator[list[Event]], wanted: int) -> list[Event]:
    """The first `wanted` events of whole histories; the last history is cut at its end, never in the middle."""
    events: list[Event] = []
    while len(events) < wanted:
        events += next(histories)
    return events[:wanted]


def _mark_old_version(rng: Random, stream: list[Record], wanted: int) -> list[Record]:
    """Sends some dossiers by the contract's first version, which had no `paid_online`."""
    at = [i for i, record in enumerate(stream) if record.event == dossiers.EVENT]
    chosen = set(rng.sample(at, min(wanted, len(at))))
    return [
        replace(record, form="old_version", body={**record.body, "paid_online": None}) if i in chosen else record
        for i, record in enumerate(stream)
    ]


def _delay(rng: Random, stream: list[Record], wanted: int) -> list[Record]:
    """Publishes some events well after later ones of the same key."""
    followed = _positions_with_follower(stream)
    chosen = rng.sample(followed, min(wanted, len(followed)))
    late = {i for i, _ in chosen}
    moved = [(follower + 1 + rng.randrange(50), replace(stream[i], late=True)) for i, follower in chosen]
    kept = [(i, record) for i, record in enumerate(stream) if i not in late]
    return [record for _, record in sorted([*kept, *moved], key=lambda pair: pair[0])]


def _positions_with_follower(stream: list[Record]) -> list[tuple[int, int]]:
    """Positions of events that have a later event of the same history, with the position of that one."""
    following: dict[tuple[str, str], int] = {}
    found = []
    for i in range(len(stream) - 1, -1, -1):
        history = (stream[i].event, _history_of(stream[i]))
        if history in following:
            found.append((i, following[history]))
        following[history] = i
    return found[::-1]


def _history_of(record: Record) -> str:
    names = {dossiers.EVENT: "dossier_code", orders.EVENT: "order_id", cooperation.EVENT: "task_code"}
    return str(record.body[names[record.event]])


def _rule_breakers(rng: Random, stream: list[Record], each: Mapping[str, int]) -> Iterator[tuple[int, Record]]:
    for event, breakers in RULE_BREAKERS.items():
        for breaker in breakers:
            at = [i for i, r in enumerate(stream) if r.event == event and r.form == "event" and breaker.fits(r.body)]
            for i in rng.sample(at, each[event]):
                body = _another(rng, breaker.spoil(stream[i].body))
                yield i, Record(event, body, "unchecked", Outcome("quarantined", breaker.rule))


def _wire_troubles(rng: Random, stream: list[Record], each: Mapping[str, int]) -> Iterator[tuple[int, Record]]:
    for event in SOURCES:
        at = [i for i, record in enumerate(stream) if record.event == event and record.form == "event"]
        for form, reason in WIRE_TROUBLES.items():
            for i in rng.choices(at, k=each[event]):
                yield i, Record(event, _another(rng, stream[i].body), form, Outcome("rejected", reason))


def _duplicates(rng: Random, stream: list[Record], wanted: int) -> Iterator[tuple[int, Record]]:
    for i in rng.sample(range(len(stream)), wanted):
        later = min(len(stream) - 1, i + rng.randrange(2000))
        yield later, replace(stream[i], outcome=DUPLICATE, late=False)


def _another(rng: Random, body: Event) -> Event:
    return {**body, "event_id": event_id(rng, body["occurred_at"])}


def _insert(stream: list[Record], additions: list[tuple[int, Record]]) -> list[Record]:
    """Each addition behind the record at its position."""
    behind: dict[int, list[Record]] = {}
    for i, record in additions:
        behind.setdefault(i, []).append(record)
    return [each for i, record in enumerate(stream) for each in (record, *behind.get(i, ()))]
