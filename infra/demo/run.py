"""The main job: publish, wait for the DAGs, and hold every station against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from consumers.warehouse.connect import open_engine
from consumers.warehouse.marts.files import events_of, load_marts
from infra.demo.found import found_path
from infra.demo.freshness import last_load
from infra.demo.tables import Tables
from infra.demo.waiting import Patience, wait_until_built, wait_until_loaded
from infra.demo.ways.way import Handed
from infra.demo.ways_table import WaysTable
from infra.kafka.offsets import Offsets, end_offsets
from infra.object_store import open_lake
from infra.settings import Settings
from schemas.contract import Contract


class Wave(Protocol):
    """Events that may be loaded in any order."""

    @property
    def size(self) -> int:
        """How many records there are to publish."""

    def publish(
        self, settings: Settings, catalog: Mapping[str, Contract], on_record: Callable[[], None]
    ) -> Mapping[str, Handed]:
        """Send them, and tell what each way was given and refused."""


class Source(Protocol):
    """Where the demo's events come from."""

    def prepare(self, settings: Settings, catalog: Mapping[str, Contract]) -> None:
        """Whatever must be there before they can be sent."""

    def waves(self) -> Sequence[Wave]:
        """The events in parts, each of which may refer to what an earlier one brought."""

    def expect(self, engine: Engine) -> Tables:
        """What must become of them; a station that is left out is not compared."""

    def arrived(self, engine: Engine, handed: Mapping[str, Handed]) -> WaysTable:
        """What has become of them, way by way; `handed` is what the ways told."""


@dataclass(frozen=True)
class Watch:
    """Told how the run goes on: a phase begins, so many of its steps are left."""

    on_phase: Callable[[str, int], None]
    on_left: Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """Both sides of what is compared, where the partitions end now, and the last load before the run."""

    expected: Tables
    found: Tables
    ends: Offsets
    last_load: int


def run(
    settings: Settings, catalog: Mapping[str, Contract], source: Source, watch: Watch, patience: Patience
) -> Outcome:
    """Publish the source's events on a running stack and see them to the marts.

    What was published before is waited for first, so that every count belongs to this run. Raises NotLoadedInTime,
    LoadStopped, and what the stations raise.
    """
    engine, lake = open_engine(settings.warehouse), open_lake(settings.lake)
    try:
        starts = end_offsets(settings.kafka, catalog.values())
        watch.on_phase("loading what was published before", 0)
        wait_until_loaded(engine, starts, patience, watch.on_left)
        before = last_load(engine)
        expected = source.expect(engine)
        source.prepare(settings, catalog)
        ends, handed = starts, dict[str, Handed]()
        for wave in source.waves():
            for way, told in _publish(settings, catalog, wave, watch).items():
                handed[way] = handed.get(way, Handed()) + told
            ends = end_offsets(settings.kafka, catalog.values())
            watch.on_phase("loading", wave.size)
            wait_until_loaded(engine, ends, patience, watch.on_left)
        watch.on_phase("building marts", 0)
        wait_until_built(engine, events_by_mart(), patience)
        contracts = {event: catalog[event] for event in expected.path}
        found = Tables(found_path(engine, lake, contracts, starts, ends), source.arrived(engine, handed))
        return Outcome(expected, found, ends, before)
    finally:
        engine.dispose()


def events_by_mart() -> dict[str, set[str]]:
    """The events that each mart reads, itself or through other marts."""
    marts = {mart.name: mart for mart in load_marts()}
    return {name: events_of(mart, marts) for name, mart in marts.items()}


def _publish(settings: Settings, catalog: Mapping[str, Contract], wave: Wave, watch: Watch) -> Mapping[str, Handed]:
    left = wave.size
    watch.on_phase("publishing", left)

    def one_less() -> None:
        nonlocal left
        left -= 1
        watch.on_left(left)

    return wave.publish(settings, catalog, one_less)
