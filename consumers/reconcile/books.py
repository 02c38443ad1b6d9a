"""The warehouse's side: the ledger's ranges and watermarks."""

from __future__ import annotations

from sqlalchemy import Connection, select

from consumers.reconcile.partition import LedgerRange
from consumers.reconcile.spans import Span
from consumers.warehouse.tables import ledger


def ledger_ranges(connection: Connection, topic: str) -> dict[int, tuple[LedgerRange, ...]]:
    """Published ranges of each partition, in order."""
    of = ledger.batch.c
    counts = (of.consumed, of.loaded, of.duplicate, of.quarantined, of.rejected)
    query = select(of.partition, of.from_offset, of.next_offset, *counts).where(
        of.topic == topic, of.from_offset.is_not(None)
    )
    found: dict[int, list[LedgerRange]] = {}
    for partition, start, stop, *numbers in connection.execute(query.order_by(of.partition, of.next_offset)):
        found.setdefault(partition, []).append(LedgerRange(Span(start, stop), *numbers))
    return {partition: tuple(ranges) for partition, ranges in found.items()}


def watermarks(connection: Connection, topic: str) -> dict[int, int]:
    """How far each partition has been published."""
    mark = ledger.watermark.c
    query = select(mark.partition, mark.next_offset).where(mark.topic == topic)
    return dict(connection.execute(query).all())
