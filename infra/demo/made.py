"""The simulated month as a source of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine

from infra.demo.found import known_ids
from infra.demo.path_table import PathTable, expected_path
from infra.errors import OperatorError
from infra.settings import Settings
from producers.client import open_producer
from producers.simulator.growth.scenario import SMALLEST_GROWTH, make_growth
from producers.simulator.places import load_places
from producers.simulator.publish import publish_records
from producers.simulator.published import Published, published_figures
from producers.simulator.record import LOADED, Record
from producers.simulator.scenario import SMALLEST, WHOLE_BASELINE, make_scenario
from producers.simulator.wire_forms import open_wire_forms
from schemas.contract import Contract
from schemas.registry import Registry
from schemas.versions import load_released

Scenario = Literal["june-2021", "growth"]


class ScenarioTooSmall(OperatorError):
    """Ask for more events, or for another scenario: each event and each trouble must occur at least once."""


WAVES = ({"agency_registered"}, {"procedure_published", "ocop_product_rated"})
"""Events that fill the reference lists."""


@dataclass(frozen=True)
class MadeEvents:
    """The records of one seed; publishing them a second time makes every good one a duplicate.

    `title` says what they tell of, `published` which published figures they were made to give.
    """

    records: list[Record]
    title: str = ""
    published: tuple[Published, ...] = ()

    @property
    def size(self) -> int:
        """How many records will be published."""
        return len(self.records)

    @property
    def late(self) -> int:
        """How many are published after later events of the same key."""
        return sum(record.late for record in self.records)

    @property
    def good(self) -> int:
        """How many rows core must hold in the end, if it held none."""
        return sum(record.outcome == LOADED for record in self.records)

    def waves(self) -> tuple[MadeEvents, ...]:
        """The events that others refer to come first: their loads would be in a race with those of the others."""
        referred_to = set().union(*WAVES)
        rest = {record.event for record in self.records} - referred_to
        return tuple(MadeEvents([each for each in self.records if each.event in wave]) for wave in (*WAVES, rest))

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


def made_events(seed: int, size: int, scenario: Scenario = "june-2021") -> MadeEvents:
    """The events that belong to a seed, in so many records; raises ScenarioTooSmall."""
    least = {"june-2021": SMALLEST, "growth": SMALLEST_GROWTH}[scenario]
    if size < least:
        raise ScenarioTooSmall(f"the scenario {scenario} has at least {least:,} events, not {size:,}")
    if scenario == "growth":
        return MadeEvents(make_growth(seed, size, load_places()), "2021 to 2025")
    published = tuple(published_figures()) if size >= WHOLE_BASELINE else ()
    return MadeEvents(make_scenario(seed, size, load_places()), "June 2021", published)
