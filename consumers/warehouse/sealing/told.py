"""What the warehouse says today of a sealed record: told beside the receipt, proven by nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, inspect, select

from consumers.warehouse.marts.files import MartFile
from consumers.warehouse.sealing.books import utc_text
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.ledger import load
from consumers.warehouse.tables.marts import mart_build
from consumers.warehouse.tables.naming import CORE
from schemas.contract import Contract

Told = dict[str, Any]
NOT_LOADED = (
    "Neither core nor the quarantine has a record of this offset: it repeated an event that core had already, or "
    "it was erased. / Bản ghi trùng với sự kiện đã có, hoặc đã được xóa."
)


def told_of(connection: Connection, leaf: Leaf, contract: Contract, marts: Sequence[MartFile], now: datetime) -> Told:
    """`outcome` (loaded, quarantined, not_loaded), `as_of`, and what is known of it."""
    told = _loaded(connection, leaf, contract, marts) or _quarantined(connection, leaf)
    return {"as_of": utc_text(now), **(told or {"outcome": "not_loaded", "why": NOT_LOADED})}


def _loaded(connection: Connection, leaf: Leaf, contract: Contract, marts: Sequence[MartFile]) -> Told | None:
    if not leaf.event_id or not inspect(connection).has_table(contract.event, schema=CORE):
        return None
    rows = event_tables(contract).rows.c
    query = select(rows.load_id).where(
        rows.event_id == UUID(leaf.event_id),
        rows.kafka_partition == leaf.partition,
        rows.kafka_offset == leaf.offset,
    )
    load_id = connection.execute(query).scalar_one_or_none()
    if load_id is None:
        return None
    published = select(load.c.publication, load.c.published_at).where(load.c.load_id == load_id)
    publication, at = connection.execute(published).one()
    readers = [mart.name for mart in marts if contract.event in mart.events]
    return {
        "outcome": "loaded",
        "table": f"core.{contract.event}",
        "load_id": load_id,
        "loaded_at": utc_text(at),
        "marts": [_built(connection, mart, contract.event, publication) for mart in sorted(readers)],
    }


def _built(connection: Connection, mart: str, event: str, publication: int) -> Told:
    """The first build that took the load in; `build_id` is null when none has yet."""
    of = mart_build.c
    query = (
        select(of.build_id, of.built_at)
        .where(of.mart == mart, of.publications[event].astext.cast(BigInteger) >= publication)
        .order_by(of.build_id)
        .limit(1)
    )
    found = connection.execute(query).one_or_none()
    return {
        "mart": f"mart.{mart}",
        "build_id": found.build_id if found else None,
        "built_at": utc_text(found.built_at) if found else None,
    }


def _quarantined(connection: Connection, leaf: Leaf) -> Told | None:
    of = quarantine.event.c
    query = select(of.id, of.rule, of.status, of.outcome).where(
        of.topic == leaf.topic, of.kafka_partition == leaf.partition, of.kafka_offset == leaf.offset
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return None
    return {
        "outcome": "quarantined",
        "entry": found.id,
        "status": found.status,
        "replayed_as": found.outcome,
        "rule": found.rule,
    }
