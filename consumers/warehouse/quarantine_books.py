"""What the quarantine says of its entries, counted for the proof of conservation (reconcile.py)."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, select

from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.core import EVENT_ID
from schemas.contract import Contract

_entry = quarantine.event.c
_COUNTS = {
    "in_quarantine": _entry.origin == quarantine.CHECK,
    "in_rejects": _entry.origin == quarantine.LANDING,
    "open": _entry.status == quarantine.OPEN,
    "replayed_loaded": (_entry.status == quarantine.REPLAYED) & (_entry.outcome == quarantine.LOADED),
    "replayed_duplicate": (_entry.status == quarantine.REPLAYED) & (_entry.outcome == quarantine.DUPLICATE),
    "discarded": _entry.status == quarantine.DISCARDED,
}
NO_ENTRIES = dict.fromkeys(_COUNTS, 0)


def quarantine_entries(connection: Connection, topic: str) -> dict[int, dict[str, int]]:
    """Entries by partition: by where they were found, and by what became of them."""
    counts = (func.count().filter(condition).label(name) for name, condition in _COUNTS.items())
    query = select(_entry.kafka_partition, *counts).where(_entry.topic == topic).group_by(_entry.kafka_partition)
    found = connection.execute(query).mappings()
    return {row["kafka_partition"]: {name: row[name] for name in _COUNTS} for row in found}


def replayed_rows(connection: Connection, contract: Contract, core: Table) -> dict[int, int]:
    """Rows of core that are the very record of an entry closed as loaded, written by the load that closed it."""
    own = (
        (core.c[EVENT_ID] == _entry.event_id)
        & same_position(core, quarantine.event)
        & (core.c.load_id == _entry.closed_load_id)
    )
    query = (
        select(_entry.kafka_partition, func.count())
        .join(core, own)
        .where(_entry.topic == contract.topic, _entry.outcome == quarantine.LOADED)
        .group_by(_entry.kafka_partition)
    )
    return dict(connection.execute(query).all())
