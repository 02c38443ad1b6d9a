"""The ways' table: how many messages each way was given and refused, and how many events of it core holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from infra.demo.found import known_ids
from infra.demo.ways import sdk
from infra.demo.ways.table import WAYS
from infra.demo.ways.way import SPOILED, Handed
from producers.simulator.foreign.message import Message
from producers.simulator.record import DUPLICATE, LOADED, Record

Messages = Mapping[str, list[Message]]


@dataclass(frozen=True)
class WayRow:
    """Messages `given` to a way and `refused` by it; `arrived` are different events that core holds."""

    given: int
    refused: int
    arrived: int


WaysTable = Mapping[str, WayRow]
RECOGNISING = {way.name for way in WAYS if way.recognising}


def is_recognised(way: str, record: Record, known: Collection[str]) -> bool:
    """Whether the way lets this one go because it has published the same before."""
    return way in RECOGNISING and (record.outcome == DUPLICATE or record.body["event_id"] in known)


def expected_ways(
    waves: Iterable[list[Record]], messages: Mapping[str, list[Message]], known: Collection[str]
) -> WaysTable:
    """What must be found: `waves` are the records that the SDK is given at once, `known` the ids that core holds."""
    waves = list(waves)
    spoiled = sum(len(sdk.spoilable(records)) for records in waves)
    direct = [record for records in waves for record in records]
    rows = {sdk.NAME: WayRow(len(direct) + spoiled, spoiled, len(_good(direct)))}
    for way, told in messages.items():
        records = [message.record for message in told]
        bad = len(records[:SPOILED])
        refused = bad + sum(is_recognised(way, record, known) for record in records)
        rows[way] = WayRow(len(records) + bad, refused, len(_good(records)))
    return rows


def found_ways(
    engine: Engine, direct: Iterable[Record], messages: Mapping[str, list[Message]], handed: Mapping[str, Handed]
) -> WaysTable:
    """What the ways told, and what core says."""
    records = {sdk.NAME: list(direct), **{way: [each.record for each in told] for way, told in messages.items()}}
    return {way: _found(engine, sent, handed.get(way, Handed())) for way, sent in records.items()}


def _found(engine: Engine, records: list[Record], handed: Handed) -> WayRow:
    by_event: dict[str, set[str]] = {}
    for event, found in _good(records):
        by_event.setdefault(event, set()).add(found)
    arrived = sum(len(known_ids(engine, event, ids)) for event, ids in by_event.items())
    return WayRow(handed.given, handed.refused, arrived)


def _good(records: Iterable[Record]) -> set[tuple[str, str]]:
    """The event and id of each that core must hold in the end."""
    return {(record.event, record.body["event_id"]) for record in records if record.outcome == LOADED}
