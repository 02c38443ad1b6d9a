"""The simulated month as a source of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine

from infra.demo.found import known_ids
from infra.demo.path_table import expected_path
from infra.demo.tables import Tables
from infra.demo.ways.clients import ensure_clients
from infra.demo.ways.handing_over import hand_over
from infra.demo.ways.sharing import Shared, share_out
from infra.demo.ways.table import CLIENTS, WAYS
from infra.demo.ways.way import Handed
from infra.demo.ways_table import WaysTable, expected_ways, found_ways, is_recognised
from infra.errors import OperatorError
from infra.settings import Settings
from producers.simulator.growth.scenario import SMALLEST_GROWTH, make_growth
from producers.simulator.places import load_places
from producers.simulator.published import Published, published_figures
from producers.simulator.record import LOADED, Record
from producers.simulator.scenario import SMALLEST, WHOLE_BASELINE, make_scenario
from schemas.catalog import load_catalog
from schemas.contract import Contract

Scenario = Literal["june-2021", "growth"]


class ScenarioTooSmall(OperatorError):
    """Ask for more events, or for another scenario: each event and each trouble must occur at least once."""


WAVES = ({"agency_registered"}, {"procedure_published", "ocop_product_rated"})
"""Events that fill the reference lists."""


@dataclass(frozen=True)
class MadeEvents:
    """The events of one seed, shared out among the ways; a second time every good one is a duplicate.

    `title` says what they tell of, `published` which published figures they were made to give.
    """

    shared: Shared
    title: str = ""
    published: tuple[Published, ...] = ()

    @property
    def records(self) -> list[Record]:
        """As they must arrive, whatever way they come."""
        return self.shared.records

    @property
    def size(self) -> int:
        """How many events are handed over, those left out that a way must refuse."""
        return len(self.records)

    @property
    def late(self) -> int:
        """How many are published after later events of the same key."""
        return sum(record.late for record in self.records)

    @property
    def good(self) -> int:
        """How many rows core must hold in the end, if it held none."""
        return sum(record.outcome == LOADED for record in self.records)

    def prepare(self, settings: Settings, catalog: Mapping[str, Contract]) -> None:
        """Grant the clients of the ways what they need; raises what `grant` raises."""
        if self.shared.messages:
            ensure_clients(settings, catalog, CLIENTS)

    def waves(self) -> tuple[MadeEvents, ...]:
        """The events that others refer to come first: their loads would be in a race with those of the others."""
        referred_to = set().union(*WAVES)
        rest = {record.event for record in self.records} - referred_to
        return tuple(MadeEvents(self.shared.of_events(wave)) for wave in (*WAVES, rest))

    def expect(self, engine: Engine) -> Tables:
        """What must become of them, given what the warehouse holds now."""
        known = self._known(engine)
        way_of = self.shared.way_of
        sent = [each for each in self.records if not is_recognised(way_of.get(each.body["event_id"], ""), each, known)]
        direct = [wave.shared.direct for wave in self.waves()]
        return Tables(expected_path(sent, known), expected_ways(direct, self.shared.messages, known))

    def arrived(self, engine: Engine, handed: Mapping[str, Handed]) -> WaysTable:
        """What has become of them, way by way."""
        return found_ways(engine, self.shared.direct, self.shared.messages, handed)

    def publish(
        self, settings: Settings, catalog: Mapping[str, Contract], on_record: Callable[[], None]
    ) -> Mapping[str, Handed]:
        """Hand them all over; raises what the ways raise."""
        return hand_over(settings, catalog, self.shared, on_record)

    def _known(self, engine: Engine) -> set[str]:
        by_event: dict[str, set[str]] = {}
        for record in self.records:
            by_event.setdefault(record.event, set()).add(record.body["event_id"])
        return {found for event, ids in by_event.items() for found in known_ids(engine, event, ids)}


def made_events(seed: int, size: int, scenario: Scenario = "june-2021") -> MadeEvents:
    """The events that belong to a seed, in so many records; raises ScenarioTooSmall.

    Those of June 2021 come by all ways, those of the years of growth through the SDK.
    """
    least = {"june-2021": SMALLEST, "growth": SMALLEST_GROWTH}[scenario]
    if size < least:
        raise ScenarioTooSmall(f"the scenario {scenario} has at least {least:,} events, not {size:,}")
    if scenario == "growth":
        return MadeEvents(Shared(make_growth(seed, size, load_places())), "2021 to 2025")
    published = tuple(published_figures()) if size >= WHOLE_BASELINE else ()
    keys = {event: contract.key for event, contract in load_catalog().items()}
    shared = share_out(make_scenario(seed, size, load_places()), WAYS, keys)
    return MadeEvents(shared, "June 2021", published)
