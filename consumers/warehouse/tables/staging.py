"""Staging tables of one load, named by its number so that no other load, alive or zombie, can touch its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid

from consumers.warehouse.tables.columns import LINE_NO, field_column
from consumers.warehouse.tables.core import EVENT_ID
from consumers.warehouse.tables.naming import STAGING
from schemas.contract import Contract

_UNLOGGED: dict[str, Any] = {"prefixes": ["UNLOGGED"], "schema": STAGING}


@dataclass(frozen=True)
class StagingTables:
    """`rows` keyed by Kafka position, every contract column nullable; `children` in the order of the contract's lists.

    `verdict` holds the rules that rows broke: any number of entries for a row, severity `critical` or `warning`;
    `erased` holds positions of records that an erasure keeps out, which are in none of the others.
    `reference` is the list that lacks a code, of a rule that says no more than that; `field` the field it is about.
    """

    load_id: int
    metadata: MetaData
    rows: Table
    children: tuple[Table, ...]
    rejects: Table
    verdict: Table
    erased: Table


def staging_prefix(event: str) -> str:
    """What the names of all staging tables of an event begin with, before the load's number."""
    return f"{event}__"


def staging_tables(contract: Contract, load_id: int) -> StagingTables:
    """The load's tables, as stage creates and publish drops them."""
    return staging_named(f"{staging_prefix(contract.event)}{load_id}", contract, load_id)


def staging_named(name: str, contract: Contract, load_id: int) -> StagingTables:
    """Tables like those of a load, with names that begin with `name`."""
    metadata = MetaData()
    rows = Table(
        name,
        metadata,
        *_position(),
        Column("kafka_timestamp", DateTime(timezone=True)),
        Column("schema_id", Integer),
        *(field_column(field, nullable=True) for field in contract.fields),
        **_UNLOGGED,
    )
    children = tuple(
        Table(
            f"{name}_{child.name}",
            metadata,
            *_position(),
            Column(EVENT_ID, Uuid),
            Column(LINE_NO, Integer),
            *(field_column(field, nullable=True) for field in child.fields),
            **_UNLOGGED,
        )
        for child in contract.children
    )
    erased = Table(f"{name}_erased", metadata, *_position(), **_UNLOGGED)
    return StagingTables(load_id, metadata, rows, children, _rejects(name, metadata), _verdict(name, metadata), erased)


def _position() -> tuple[Column[Any], ...]:
    return Column("kafka_partition", Integer, nullable=False), Column("kafka_offset", BigInteger, nullable=False)


def _rejects(name: str, metadata: MetaData) -> Table:
    return Table(
        f"{name}_rejects",
        metadata,
        *_position(),
        Column("kafka_timestamp", DateTime(timezone=True)),
        Column("schema_id", Integer),
        Column("raw", LargeBinary),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=False),
        **_UNLOGGED,
    )


def _verdict(name: str, metadata: MetaData) -> Table:
    return Table(
        f"{name}_verdict",
        metadata,
        *_position(),
        Column("rule", Text, nullable=False),
        Column("severity", Text, nullable=False),
        Column("reason_en", Text, nullable=False),
        Column("reason_vi", Text, nullable=False),
        Column("reference", Text),
        Column("field", Text),
        **_UNLOGGED,
    )
