"""What stands in the warehouse, read with plain SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Place = tuple[int, int]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Warehouse:
    """Rows of core and quarantine by partition and offset; the ledger's ranges, in order; watermarks by partition."""

    core: Mapping[Place, Row]
    quarantine: Mapping[Place, Row]
    ranges: Sequence[Row]
    watermarks: Mapping[int, int]
    doubled: int


def read_warehouse(url: str, event: str, topic: str) -> Warehouse:
    """All that is there of the topic, as of one moment."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        connection.execute("set transaction isolation level repeatable read")
        core = _core_rows(connection, event)
        quarantine = connection.execute("select * from quarantine.event where topic = %s", [topic]).fetchall()
        ranges = connection.execute(
            "select * from ledger.batch where topic = %s and from_offset is not null order by partition, next_offset",
            [topic],
        ).fetchall()
        watermarks = _watermarks(connection, topic)
    by_place = {_place(row): row for row in core}, {_place(row): row for row in quarantine}
    doubled = len(core) + len(quarantine) - sum(map(len, by_place))
    return Warehouse(*by_place, ranges, watermarks, doubled)


def read_watermarks(url: str, topic: str) -> Mapping[int, int]:
    """Up to where each partition is loaded."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return _watermarks(connection, topic)


def _watermarks(connection: psycopg.Connection[dict[str, Any]], topic: str) -> Mapping[int, int]:
    marks = connection.execute("select partition, next_offset from ledger.watermark where topic = %s", [topic])
    return {row["partition"]: row["next_offset"] for row in marks}


def _core_rows(connection: psycopg.Connection[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    """None while no load has made the table."""
    made = connection.execute("select 1 from pg_tables where schemaname = 'core' and tablename = %s", [event])
    if made.fetchone() is None:
        return []
    return list(connection.execute(sql.SQL("select * from core.{}").format(sql.Identifier(event))).fetchall())


def _place(row: Row) -> Place:
    return row["kafka_partition"], row["kafka_offset"]
