"""A made-up history in loads: late and repeated events, moved days and places, reports that supersede each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Engine, insert

from consumers.warehouse.ledger import set_state
from consumers.warehouse.tables import ledger
from schemas.contract import Contract
from tests.component.warehouse.loads import CATALOG
from tests.component.warehouse.mart_rows import changed_examples, put
from tests.samples import Event, dossier, order

# Around the merger of 2025-07-01: 00688 and 00691 are communes of both times, with another meaning in the later one.
FIRST = datetime(2025, 6, 26, tzinfo=UTC)
DAYS = 10
COMMUNES = ("00688", "00691", "00715", "24001")
AGENCIES = ("H22.05", "H22.06", "H22.12")


@dataclass(frozen=True)
class Load:
    """Events of one contract that are published together."""

    contract: Contract
    events: list[Event]


@dataclass
class History:
    """Made from a seed: the same one gives the same events."""

    random: Random
    number: int = 0

    def loads(self) -> Iterator[Load]:
        """A load of each kind of event that marts are filled by changes for, and of one that they are not."""
        kinds = {
            "dossier_status_changed": self._step,
            "order_status_changed": self._sale,
            "tourism_visit_reported": self._visits,
            "health_consultation_summarised": self._consultations,
            "online_class_summarised": self._classes,
            "training_session_held": self._session,
        }
        for event, make in kinds.items():
            yield Load(CATALOG[event], [make() for _ in range(self.random.randint(0, 10))])

    def _at(self) -> datetime:
        return FIRST + timedelta(hours=self.random.randrange(24 * DAYS))

    def _day(self) -> date:
        return (FIRST + timedelta(days=self.random.randrange(DAYS))).date()

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _step(self) -> Event:
        at, one_of = self._at(), self.random.choice
        received = one_of([None, at, at - timedelta(days=2), FIRST])
        return dossier(
            self._next(),
            dossier_code=f"H22.05-250626-{self.random.randrange(15):06d}",
            occurred_at=at,
            status=one_of([1, 2, 3, 4, 5, 5, 8, 9, 9, 10]),
            agency_code=one_of(AGENCIES),
            commune_code=one_of(COMMUNES),
            channel=one_of(["online", "direct"]),
            received_at=received,
            due_at=one_of([None, at, at + timedelta(days=3)]),
            electronic_result=one_of([None, True, False]),
            synthetic=one_of([True, True, True, False]),
        )

    def _sale(self) -> Event:
        one_of = self.random.choice
        return order(
            self._next(),
            lines=1,
            order_id=f"ORDER{self.random.randrange(10)}",
            shop_id=one_of(["thom", "mai"]),
            occurred_at=self._at(),
            status=one_of(["confirmed", "delivered", "completed", "returned", "cancelled"]),
            seller_commune_code=one_of(COMMUNES),
            total_vnd=self.random.randrange(1000),
        )

    def _report(self, event: str, **changes: Any) -> Event:
        usual = {"day": self._day(), "commune_code": self.random.choice(COMMUNES), "occurred_at": self._at()}
        version = {"report_version": self.random.randint(1, 3)}
        return changed_examples(event, {**usual, **version, **changes})[0]

    def _visits(self) -> Event:
        place, visits = f"DL-{self.random.randrange(4)}", self.random.randrange(100)
        return self._report("tourism_visit_reported", place_code=place, visits=visits)

    def _consultations(self) -> Event:
        facility, count = f"02{self.random.randrange(4):03d}", self.random.choice([None, 7, 30])
        return self._report("health_consultation_summarised", facility_code=facility, consultations=count)

    def _classes(self) -> Event:
        school, lessons = f"02{self.random.randrange(4):06d}", self.random.randrange(10, 90)
        return self._report("online_class_summarised", school_code=school, lessons=lessons)

    def _session(self) -> Event:
        changes = {"session_code": f"L{self.random.randrange(5)}", "report_version": self.random.randint(1, 3)}
        return changed_examples("training_session_held", {**changes, "attended": self.random.randrange(90)})[0]


def begin(engine: Engine, contract: Contract) -> int:
    """A load that gets its number now and may be published later."""
    values = {"event": contract.event, "topic": contract.topic, "run_id": "test", "state": ledger.CHECKED}
    with engine.begin() as connection:
        query = insert(ledger.load).values(values).returning(ledger.load.c.load_id)
        load_id: int = connection.execute(query).scalar_one()
    return load_id


def finish(engine: Engine, contract: Contract, load_id: int, events: list[Event]) -> None:
    """Its events are in core and it is published."""
    if events:
        put(engine, contract, events, load_id=load_id, offset=1000 * load_id)
    with engine.begin() as connection:
        set_state(connection, load_id, ledger.PUBLISHED)
