"""Which loads the daily sample goes over: one event a day in turn, and of its loads one window after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BigInteger, Connection, func, select

from consumers.warehouse.rebuild.span import Loads
from consumers.warehouse.retention.horizon import first_kept
from consumers.warehouse.tables import ledger
from schemas.contract import Contract


def events_loaded(connection: Connection) -> list[str]:
    """Events that have something to rebuild, in order."""
    load = ledger.load.c
    query = select(load.event).where(load.publication.is_not(None), load.kind == ledger.LOAD).distinct()
    return sorted(connection.execute(query).scalars())


def event_of(day: date, events: Sequence[str]) -> str:
    """The event whose turn it is."""
    return events[day.toordinal() % len(events)]


def window_of(connection: Connection, contract: Contract, turn: int, max_records: int) -> Loads | None:
    """The window whose turn it is: as many loads, one after the other, as hold about `max_records` together.

    A load that holds more is a window of its own. With each turn the next window comes, from the first one again after
    the last. Loads of which the lake has lost batches to the end of their term are not among them; None when no other
    is left.
    """
    load = ledger.load.c
    before = func.sum(load.consumed).over(order_by=load.publication) - load.consumed
    number = func.div(before, max_records).cast(BigInteger).label("number")
    numbered = (
        select(load.publication, number)
        .where(
            load.event == contract.event,
            load.publication >= first_kept(connection, contract),
            load.kind == ledger.LOAD,
        )
        .subquery()
    )
    windows = connection.execute(
        select(func.min(numbered.c.publication), func.max(numbered.c.publication))
        .group_by(numbered.c.number)
        .order_by(numbered.c.number)
    ).all()
    return Loads(*windows[turn % len(windows)]) if windows else None
