"""The simulated month as a source of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from infra.demo.found import known_ids
from infra.demo.path_table import PathTable, expected_path
from infra.settings import Settings
from producers.client import open_producer
from producers.simulator.places import load_places
from producers.simulator.publish import publish_records
from producers.simulator.record import LOADED, Record
from producers.simulator.scenario import WHOLE_BASELINE, make_scenario
from producers.simulator.wire_forms import open_wire_forms
from schemas.contract import Contract
from schemas.registry import Registry
from schemas.versions import load_released

REFERRED_TO = {"agency_registered", "procedure_published", "ocop_product_rated"}
"""Events that fill the reference lists."""


@dataclass(frozen=True)
class MadeEvents:
    """The records of one seed; publishing them a second time makes every good one a duplicate."""

    records: list[Record]

    @property
    def size(self) -> int:
        """How many records will be published."""
        return len(self.records)

    @property
    def has_whole_baseline(self) -> bool:
        """Whether the counts behind the published figures of June 2021 are all there."""
        return self.size >= WHOLE_BASELINE

    @property
    def late(self) -> int:
        """How many are published after later events of the same key."""
        return sum(record.late for record in self.records)

    @property
    def good(self) -> int:
        """How many rows core must hold in the end, if it held none."""
        return sum(record.outcome == LOADED for record in self.records)

    def waves(self) -> tuple[MadeEvents, MadeEvents]:
        """The events that others refer to come first: their loads would be in a race with those of the others."""
        first = [record for record in self.records if record.event in REFERRED_TO]
        return MadeEvents(first), MadeEvents([record for record in self.records if record.event not in REFERRED_TO])

    def expect(self, engine: Engine) -> PathTable:
        """What must become of them, given what the warehouse holds now."""
        by_event: dict[str, set[str]] = {}
        for record in self.records:
            by_event.setdefault(record.event, set()).add(record.body["event_id"])
        known = {found for event, ids in by_event.items() for found in known_ids(engine, event, ids)}
        return expected_path(self.records, known)

    def publish(self, settings: Settings, catalog: Mapping[str, Contract], on_record: Callable[[], None]) -> None:
        """Send them all; raises NotAcknowledged, BrokerUnavailable, RegistryUnavailable."""
        forms = open_wire_forms(Registry(settings.registry_url), catalog, load_released())
        with open_producer(settings, catalog) as producer:
            publish_records(producer, forms, catalog, self.records, on_record)


def made_events(seed: int, size: int) -> MadeEvents:
    """The month that belongs to a seed, in so many records."""
    return MadeEvents(make_scenario(seed, size, load_places()))
