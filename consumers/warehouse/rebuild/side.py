"""The side tables of one rebuild, in schema staging, which dashboards cannot read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    inspect,
    text,
)

from consumers.warehouse.leftovers import drop_tables
from consumers.warehouse.tables.core import EventTables, tables_named
from consumers.warehouse.tables.naming import STAGING, new_metadata
from consumers.warehouse.tables.staging import StagingTables, staging_named
from schemas.contract import Contract

_UNLOGGED: dict[str, Any] = {"prefixes": ["UNLOGGED"], "schema": STAGING}


@dataclass(frozen=True)
class Side:
    """`records`: all that the lake holds of the span, with today's verdicts; `raw`: bytes of what belongs into the
    quarantine; `core`, `quarantine`: what has to be there; `differs`: positions at which it is not.
    """

    topic: str
    records: StagingTables
    raw: Table
    core: EventTables
    quarantine: Table
    differs: Table

    @property
    def all(self) -> list[Table]:
        """Every table."""
        return [*self.records.metadata.sorted_tables, self.raw, *self.core.all, self.quarantine, self.differs]


def side_tables(contract: Contract, rebuild_id: int) -> Side:
    """The tables as make_side makes them."""
    prefix = _prefix(rebuild_id)
    metadata = new_metadata()
    return Side(
        topic=contract.topic,
        records=staging_named(f"{prefix}records", contract, rebuild_id),
        raw=Table(f"{prefix}raw", metadata, *_position(), Column("raw", LargeBinary), **_UNLOGGED),
        core=tables_named(f"{prefix}core", contract, STAGING, prefixes=("UNLOGGED",), metadata=metadata),
        quarantine=Table(
            f"{prefix}quarantine",
            metadata,
            *_position(),
            Column("kafka_timestamp", DateTime(timezone=True)),
            Column("schema_id", Integer),
            Column("event_id", Uuid),
            Column("origin", Text, nullable=False),
            Column("raw", LargeBinary),
            Column("load_id", BigInteger),
            **_UNLOGGED,
        ),
        differs=Table(
            f"{prefix}differs",
            metadata,
            Column("name", Text, nullable=False),
            Column("kind", Text, nullable=False),
            Column("kafka_partition", Integer),
            Column("kafka_offset", BigInteger),
            Column("event_ids", ARRAY(Uuid), nullable=False),
            **_UNLOGGED,
        ),
    )


def make_side(connection: Connection, side: Side) -> None:
    """Create them, empty."""
    for each in side.all:
        each.create(connection)


def drop_side(engine: Engine, side: Side) -> None:
    """Drop them; those somebody still reads are left for the next rebuild of the event."""
    drop_tables(engine, [table.name for table in side.all])


def drop_dead_sides(engine: Engine, rebuild_ids: Collection[int]) -> None:
    """Drop what these rebuilds have left, which have come to an end."""
    with engine.connect() as connection:
        names = inspect(connection).get_table_names(schema=STAGING)
    dead = tuple(map(_prefix, rebuild_ids))
    drop_tables(engine, [name for name in names if name.startswith(dead)])


def analyze(connection: Connection, *tables: Table) -> None:
    """Tell the planner what is in tables that were filled just now."""
    for each in tables:
        connection.execute(text(f'analyze {STAGING}."{each.name}"'))


def _prefix(rebuild_id: int) -> str:
    return f"rebuild_{rebuild_id}__"


def _position() -> tuple[Column[Any], ...]:
    return Column("kafka_partition", Integer, nullable=False), Column("kafka_offset", BigInteger, nullable=False)
