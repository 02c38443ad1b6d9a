"""A user's own events, in files of JSON, as a source of the demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from infra.demo.found import known_ids
from infra.demo.path_table import PathRow
from infra.demo.tables import Tables
from infra.demo.ways.way import Handed
from infra.demo.ways_table import WaysTable
from infra.errors import OperatorError
from infra.settings import Settings
from producers.client import open_producer
from producers.json_events import events_in
from producers.json_lines import LineInvalid
from producers.json_publishing import publish_events
from schemas.catalog import UnknownEvent, contract_named
from schemas.codec import prepare
from schemas.contract import Contract


@dataclass(frozen=True)
class BadEvent:
    """An event that is not sent: its line or item, and why."""

    place: str
    reason: str


class FileUnnamed(OperatorError):
    """Name an input file after its event, such as dossier_status_changed.jsonl or dossier_status_changed.may.jsonl."""


@dataclass(frozen=True)
class GivenEvents:
    """Files by event; `size` counts their events, `good` those that keep the contract, `bad` the others."""

    files: Mapping[str, Sequence[Path]]
    size: int
    good: Mapping[str, Sequence[str | None]]
    bad: Sequence[tuple[Path, BadEvent]]
    late: int = 0

    def waves(self) -> tuple[GivenEvents]:
        """All at once: what refers to a reference that comes with it may be quarantined until that is loaded."""
        return (self,)

    def prepare(self, settings: Settings, catalog: Mapping[str, Contract]) -> None:
        """Nothing is needed."""

    def expect(self, engine: Engine) -> Tables:
        """What is certain before the load: all good events are published and landed, and none is rejected.

        How many are duplicates is certain only where every id is new or known: a row that the warehouse's own rules
        quarantine is no duplicate, so that loaded, duplicate and quarantined are left to the conservation check.
        """
        return Tables({event: _expected(engine, event, ids) for event, ids in sorted(self.good.items())})

    def arrived(self, engine: Engine, handed: Mapping[str, Handed]) -> WaysTable:  # noqa: ARG002
        """All came the same way."""
        return {}

    def publish(
        self, settings: Settings, catalog: Mapping[str, Contract], on_record: Callable[[], None]
    ) -> Mapping[str, Handed]:
        """Send the good ones; raises NotAcknowledged, BrokerUnavailable, RegistryUnavailable."""
        with open_producer(settings, catalog) as producer:
            for event, paths in self.files.items():
                for path in paths:
                    with path.open("rb") as file:
                        publish_events(producer.send, event, events_in(file, on_record))
        return {}


def _expected(engine: Engine, event: str, ids: Sequence[str | None]) -> PathRow:
    repeated = [found for found, times in Counter(found for found in ids if found).items() if times > 1]
    stations = {"published": len(ids), "landed": len(ids), "rejected": 0}
    if not repeated and not known_ids(engine, event, [found for found in ids if found]):
        stations["duplicate"] = 0
    return PathRow(stations)


def given_events(catalog: Mapping[str, Contract], paths: Sequence[Path]) -> GivenEvents:
    """Reads the files once, holding each event to its contract; raises FileUnnamed."""
    files: dict[str, list[Path]] = {}
    good: dict[str, list[str | None]] = {}
    bad: list[tuple[Path, BadEvent]] = []
    for path in paths:
        contract = _contract_of(catalog, path)
        files.setdefault(contract.event, []).append(path)
        ids, wrong = _read(contract, path)
        good.setdefault(contract.event, []).extend(ids)
        bad += [(path, each) for each in wrong]
    return GivenEvents(files, sum(map(len, good.values())) + len(bad), good, bad)


def _contract_of(catalog: Mapping[str, Contract], path: Path) -> Contract:
    """The contract whose event or topic the file's name begins with."""
    parts = path.name.split(".")
    for name in (parts[0], ".".join(parts[:2])):
        try:
            return contract_named(catalog, name)
        except UnknownEvent:
            continue
    raise FileUnnamed(f"{path.name} begins with no event's name (there are: {', '.join(catalog)})")


def _read(contract: Contract, path: Path) -> tuple[list[str | None], list[BadEvent]]:
    codec = prepare(contract)
    ids: list[str | None] = []
    bad: list[BadEvent] = []
    with path.open("rb") as file:
        for each in events_in(file):
            try:
                event = each.read()
            except LineInvalid as error:
                bad.append(BadEvent(each.place, str(error)))
                continue
            known = {"event_id": "00000000-0000-7000-8000-000000000000", **event}
            if wrong := codec.check(known):
                bad.append(BadEvent(each.place, "; ".join(f"[{each.rule}] {each.message}" for each in wrong)))
            else:
                ids.append(str(event["event_id"]).lower() if event.get("event_id") else None)
    return ids, bad
