"""One event's whole path on real servers, in steps, and what the survey finds of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, text

from consumers.reconcile.findings import Finding
from consumers.reconcile.survey import Survey, survey
from consumers.reconcile.thresholds import DEFAULT_THRESHOLDS, Thresholds
from tests.component.landing.place import Place
from tests.component.landing.running import environment, land_until
from tests.component.warehouse.loads import load
from tests.databases import url_of

AT_ONCE = Thresholds(not_landed=timedelta(0), not_loaded=timedelta(0))


@dataclass(frozen=True)
class Ground:
    """`place` has topic and lake, `engine` is the warehouse."""

    place: Place
    engine: Engine

    def land(self, records: int) -> None:
        land_until(self.place, records)

    def load(self) -> None:
        load(self.engine, self.place.lake, self.place.contract)

    def survey(self, thresholds: Thresholds = DEFAULT_THRESHOLDS, later: timedelta = timedelta()) -> Survey:
        place = self.place
        now = datetime.now(UTC) + later
        return survey(place.settings.kafka, [place.contract], self.engine, place.lake, now, thresholds)

    def found(self, thresholds: Thresholds = DEFAULT_THRESHOLDS, later: timedelta = timedelta()) -> list[str]:
        return [place_of(finding) for finding in self.survey(thresholds, later).findings]

    def damage(self, statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements.format(event=self.place.contract.event).split(";"):
                connection.execute(text(statement))

    def environment(self) -> Mapping[str, str]:
        """What a process needs to reconcile here."""
        owner = url_of(self.place.settings.warehouse.owner_url, str(self.engine.url.database))
        return {**environment(self.place), "WAREHOUSE_URL": owner}


def place_of(finding: Finding) -> str:
    """Kind, partition and offsets."""
    return f"{finding.kind.value} {finding.partition} [{finding.from_offset}, {finding.next_offset})"
