"""How far retention has gone: below its horizon the lake keeps nothing of a partition, and nobody may ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, FromClause, Select, exists, func, not_, select

from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.core import EVENT_ID
from consumers.warehouse.tables.retention import expired, expired_event
from consumers.warehouse.tables.seals import seal
from schemas.contract import Contract


def horizons_of(connection: Connection, topic: str) -> Mapping[int, int]:
    """The offset below which the lake keeps nothing, of each partition that has lost anything."""
    return dict(connection.execute(_horizons(topic)).all())


def _horizons(topic: str) -> Select[Any]:
    of = expired.c
    horizon = func.max(of.next_offset).label("next_offset")
    return select(of.partition, horizon).where(of.topic == topic).group_by(of.partition)


def sealed_ends(connection: Connection, topic: str) -> Mapping[int, int]:
    """The offset up to which each partition is sealed: seals follow one another without a gap."""
    query = select(seal.c.partition, func.max(seal.c.next_offset)).where(seal.c.topic == topic)
    return dict(connection.execute(query.group_by(seal.c.partition)).all())


def first_kept(connection: Connection, contract: Contract) -> int:
    """The first published load of the event from which on the lake has all of every load (`ledger.load.publication`).

    1 when nothing has expired; beyond the last load when nothing is left.
    """
    batch, load = ledger.batch.c, ledger.load.c
    horizon = _horizons(contract.topic).subquery()
    query = (
        select(func.max(load.publication))
        .join(ledger.batch, batch.load_id == load.load_id)
        .join(horizon, horizon.c.partition == batch.partition)
        .where(batch.topic == contract.topic, batch.from_offset < horizon.c.next_offset)
    )
    last_cut: int | None = connection.execute(query).scalar_one()
    return 1 if last_cut is None else last_cut + 1


def without_expired(connection: Connection, event: str, chosen: Select[Any], rows: FromClause) -> Select[Any]:
    """What is chosen from the rows, without events that left core at the end of their term; as it is while none has."""
    of_event = expired_event.c.event == event
    if not connection.execute(select(exists().where(of_event))).scalar_one():
        return chosen
    gone = select(expired_event.c.event).where(of_event, expired_event.c.event_id == rows.c[EVENT_ID])
    return chosen.where(not_(gone.correlate(rows).exists()))
