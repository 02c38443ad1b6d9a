"""Rows of core and quarantine counted by partition and hour of their Kafka timestamp."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, inspect, literal_column, select

from consumers.reconcile.hours import RowCount, hour_of
from consumers.warehouse.tables import ledger, quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.naming import CORE
from schemas.contract import Contract

Found = dict[tuple[int, datetime], RowCount]


def rows_by_hour(connection: Connection, contract: Contract, since: datetime) -> Found:
    """Counts from `since` on; core is looked through from the first load that was published after it."""
    core = _core(connection, contract, since)
    entry = quarantine.event.c
    replayed = func.count().filter(entry.outcome == quarantine.LOADED)
    query = (
        select(entry.kafka_partition, _hour(entry.kafka_timestamp), func.count(), replayed)
        .where(entry.topic == contract.topic, entry.kafka_timestamp >= since)
        .group_by(entry.kafka_partition, _hour(entry.kafka_timestamp))
    )
    found = {place: RowCount(core=count) for place, count in core.items()}
    for partition, hour, entries, later in connection.execute(query):
        place = (partition, hour_of(hour))
        found[place] = RowCount(core.get(place, 0), entries, later)
    return found


def _core(connection: Connection, contract: Contract, since: datetime) -> dict[tuple[int, datetime], int]:
    rows = event_tables(contract).rows
    if not inspect(connection).has_table(rows.name, schema=CORE):
        return {}
    of = ledger.batch.c
    first_load = select(func.min(of.load_id)).where(of.topic == contract.topic, of.published_at >= since)
    hour = _hour(rows.c.kafka_timestamp)
    query = (
        select(rows.c.kafka_partition, hour, func.count())
        .where(rows.c.load_id >= first_load.scalar_subquery(), rows.c.kafka_timestamp >= since)
        .group_by(rows.c.kafka_partition, hour)
    )
    return {(partition, hour_of(start)): count for partition, start, count in connection.execute(query)}


def _hour(column: ColumnElement[datetime]) -> ColumnElement[datetime]:
    # Constants, not parameters: the server must see that the grouping is by the same expression.
    return func.date_trunc(literal_column("'hour'"), column, literal_column("'Asia/Ho_Chi_Minh'"))
