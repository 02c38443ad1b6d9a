"""At which Kafka position an event stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, inspect, literal, select, union_all

from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import CORE
from infra.errors import OperatorError
from schemas.contract import Contract


class EventUnknown(OperatorError):
    """No event of that id is in core or in the quarantine.

    It has not been loaded yet, or it could not be decoded: name its position (`--position`), which the gateway and the
    SDK answer.
    """


class EventAmbiguous(OperatorError):
    """Several records carry that event id: say which one by `--position`."""


@dataclass(frozen=True)
class Place:
    """A record's position."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


def place_of(connection: Connection, contracts: Iterable[Contract], event_id: UUID) -> Place:
    """Where core has the event, else where the quarantine has it; raises EventUnknown, EventAmbiguous."""
    found = _in_core(connection, contracts, event_id) or _in_quarantine(connection, event_id)
    if not found:
        raise EventUnknown(str(event_id))
    if len(found) > 1:
        raise EventAmbiguous(", ".join(map(str, found)))
    return found[0]


def _in_core(connection: Connection, contracts: Iterable[Contract], event_id: UUID) -> list[Place]:
    there = set(inspect(connection).get_table_names(CORE))
    queries = [
        select(literal(contract.topic), rows.c.kafka_partition, rows.c.kafka_offset).where(rows.c.event_id == event_id)
        for contract in contracts
        if contract.event in there
        for rows in (event_tables(contract).rows,)
    ]
    return [Place(*row) for row in connection.execute(union_all(*queries))] if queries else []


def _in_quarantine(connection: Connection, event_id: UUID) -> list[Place]:
    of = quarantine.event.c
    query = select(of.topic, of.kafka_partition, of.kafka_offset).where(of.event_id == event_id).order_by(of.id)
    return [Place(*row) for row in connection.execute(query)]
