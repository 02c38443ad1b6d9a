"""Clients x events x sources x ways: what is granted lands, everything else is refused by Kafka or ends as a reject."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from kafka.errors import TopicAuthorizationFailedError

from consumers.lake.batches import batches_after, read_file
from consumers.lake.decode import to_arrow
from infra.access.credentials import ClientCredentials
from schemas.contract import Contract
from schemas.registry import Registry
from schemas.wire import frame
from tests.component.landing.clients import Writer, new_client, office_of, writer
from tests.component.landing.place import Place, envelope, make_topic, write_contract
from tests.component.landing.running import land_until
from tests.unit.lake.made_files import encoded, visit

SOURCES = ("H22.05", "H22.05.01", "H22.06", "K01")
GRANTED = {"exact": ("visits", ("H22.05",)), "beginning": ("visits", ("H22.05*", "K01")), "other": ("trips", ("K01",))}


@dataclass(frozen=True)
class Cell:
    """One try: `stolen` is over a Kafka login that may write every topic."""

    client: str
    event: str
    source: str
    stolen: bool

    @property
    def event_granted(self) -> bool:
        return GRANTED[self.client][0] == self.event

    @property
    def source_granted(self) -> bool:
        granted = GRANTED[self.client][1]
        return any(self.source.startswith(each[:-1]) if each.endswith("*") else self.source == each for each in granted)

    @property
    def wanted(self) -> str:
        if not self.event_granted:
            return "event_not_granted" if self.stolen else "refused by Kafka"
        return "landed" if self.source_granted else "source_not_granted"


CELLS = [Cell(*cell) for cell in itertools.product(GRANTED, ("visits", "trips"), SOURCES, (False, True))]


@pytest.fixture
def contracts(place: Place) -> Iterator[dict[str, Contract]]:
    trips = write_contract(place.contracts, f"{place.contract.event}_trip")
    make_topic(place.admin, place.settings, trips)
    yield {"visits": place.contract, "trips": trips}
    place.admin.delete_topics([trips.topic])


def test_what_is_granted_lands_and_all_else_is_refused(place: Place, contracts: dict[str, Contract]) -> None:
    with ExitStack() as stack:
        office = stack.enter_context(office_of(place.settings, place.catalog()))
        made = {
            name: stack.enter_context(new_client(office, [contracts[event].event], list(sources)))
            for name, (event, sources) in GRANTED.items()
        }
        found = try_all(place, contracts, made, stack)
        sent = sum(outcome != "refused by Kafka" for outcome in found.values())
        land_until(place, sent)
    found |= {CELLS[number]: outcome for contract in contracts.values() for number, outcome in landed(place, contract)}
    assert found == {cell: cell.wanted for cell in CELLS}
    assert {cell.wanted for cell in CELLS} == {
        "landed",
        "refused by Kafka",
        "event_not_granted",
        "source_not_granted",
    }
    counted = {name: count for batch in place.batches() for name, count in batch.clients.items()}
    assert counted[made["exact"].kafka_user] == 2 * len(SOURCES)


def try_all(
    place: Place, contracts: dict[str, Contract], made: dict[str, ClientCredentials], stack: ExitStack
) -> dict[Cell, str]:
    """What Kafka says to each cell's record."""
    registry = stack.enter_context(Registry(place.settings.registry_url))
    ids = {event: registry.register(contract.subject, contract.schema) for event, contract in contracts.items()}
    publisher = place.settings.kafka.publisher
    writers: dict[tuple[str, bool], Writer] = {
        (name, stolen): stack.enter_context(writer(place, each, publisher if stolen else None))
        for name, each in made.items()
        for stolen in (False, True)
    }
    found = {}
    for number, cell in enumerate(CELLS):
        schema = contracts[cell.event].schema
        datum = encoded({**envelope(number), **visit(number), "source": cell.source}, schema)
        try:
            writers[cell.client, cell.stolen].write(contracts[cell.event].topic, frame(ids[cell.event], datum))
            found[cell] = "written"
        except TopicAuthorizationFailedError:
            found[cell] = "refused by Kafka"
    return found


def landed(place: Place, contract: Contract) -> Iterator[tuple[int, str]]:
    """Number of each record of the topic, and what became of it."""
    for manifest in batches_after(place.lake, contract.topic, 0, 0):
        for file in manifest.files:
            for row in to_arrow(read_file(place.lake, manifest, file)).to_pylist():
                if file.schema_id is not None:
                    yield row["visitors"], "landed"
                else:
                    yield number_of(row["value"], contract), row["reason"]


def number_of(value: bytes, contract: Contract) -> int:
    """Each event's number is its visitors."""
    matching = [
        number
        for number, cell in enumerate(CELLS)
        if value[5:] == encoded({**envelope(number), **visit(number), "source": cell.source}, contract.schema)
    ]
    return matching[0]
