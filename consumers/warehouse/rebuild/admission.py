"""Which of the lake's records belong into core, and which into the quarantine.

What was let in is history, as the quarantine's entries tell it: rules change, and a rebuild does not judge anew. What a
row holds is what the lake says (ADR 0413).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    union,
)
from sqlalchemy import text as statement

from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.faults import CRITICAL, RULE
from consumers.warehouse.rebuild.side import Side, analyze
from consumers.warehouse.rebuild.span import Span, load_of
from consumers.warehouse.retention.horizon import without_expired
from consumers.warehouse.rows import insert_once
from consumers.warehouse.tables import ledger, quarantine
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.core import EVENT_ID, LOAD_ID, EventTables
from consumers.warehouse.tables.staging import StagingTables
from schemas.contract import Contract

_entry = quarantine.event.c


def fill_core(connection: Connection, contract: Contract, side: Side, span: Span, core: EventTables) -> None:
    """The side's core tables: each record that was let in, once for its event, by the load that let it in.

    Of records of one event the one whose load was published first wins, as it did; within a load the lowest position.
    """
    connection.execute(statement("set local work_mem = '256MB'"))
    admitted = _admitted(contract, side, core).subquery("admitted")
    load = ledger.load
    names = [column.name for column in side.core.rows.columns]
    rows: Select[Any] = select(*(admitted.c[name] for name in names))
    if not span.whole or _has_repeats(connection, side.records):
        rows = rows.outerjoin(load, load.c.load_id == admitted.c.load_id)
        rows = rows.order_by(load.c.publication, *(admitted.c[name] for name in POSITION))
    if not span.whole:
        rows = rows.where(not_(_is_known_before(admitted, span, core)))
    rows = without_expired(connection, contract.event, rows, admitted)
    insert_once(connection, rows, side.records.children, side.core)
    analyze(connection, *side.core.all)


def _has_repeats(connection: Connection, staging: StagingTables) -> bool:
    """Whether any event_id is staged twice: only then does the order of insertion decide anything."""
    event_id = staging.rows.c[EVENT_ID]
    repeated = select(event_id).group_by(event_id).having(func.count(event_id) > 1).limit(1)
    return connection.execute(repeated).first() is not None


def fill_quarantine(connection: Connection, contract: Contract, side: Side) -> None:
    """The side's quarantine: the records that have an entry, and those that are neither in core nor repeats of it."""
    rows, rejects, raw, into = side.records.rows, side.records.rejects, side.raw, side.quarantine
    names = [column.name for column in into.columns]
    lineage = ("kafka_partition", "kafka_offset", "kafka_timestamp", "schema_id")
    bad = (
        select(
            *(rows.c[name] for name in (*lineage, "event_id")),
            literal(quarantine.CHECK),
            raw.c.raw,
            load_of(contract.topic, rows),
        )
        .select_from(rows.outerjoin(raw, same_position(raw, rows)))
        .where(or_(_entry_at(contract.topic, rows), and_(_is_bad(side), not_(_is_in_core(side)))))
    )
    undecodable = select(
        *(rejects.c[name] for name in lineage),
        literal(None).cast(rows.c.event_id.type),
        literal(quarantine.LANDING),
        rejects.c.raw,
        load_of(contract.topic, rejects),
    )
    connection.execute(insert(into).from_select(names, bad))
    connection.execute(insert(into).from_select(names, undecodable))
    analyze(connection, into)


def kept_out(contract: Contract, side: Side, core: EventTables) -> Select[Any]:
    """Positions of decoded records that have an entry in the quarantine, or that today's rules and core do not have."""
    rows = side.records.rows
    with_entry = select(rows.c.kafka_partition, rows.c.kafka_offset).where(_entry_at(contract.topic, rows))
    lost = select(rows.c.kafka_partition, rows.c.kafka_offset).where(_is_bad(side), not_(_live_at(side, core)))
    both = union(with_entry, lost).subquery()
    return select(both.c.kafka_partition, both.c.kafka_offset)


def rejected_today(connection: Connection, side: Side) -> Mapping[str, int]:
    """Rows that were let in, by the critical rules of today that they break."""
    verdict, rows = side.records.verdict, side.core.rows
    query = (
        select(verdict.c.rule, func.count(func.distinct(func.row(rows.c.kafka_partition, rows.c.kafka_offset))))
        .join(rows, same_position(rows, verdict))
        .where(verdict.c.severity == CRITICAL)
        .group_by(verdict.c.rule)
        .order_by(verdict.c.rule)
    )
    return dict(connection.execute(query).all())


def accepted_today(connection: Connection, contract: Contract, side: Side) -> Mapping[str, int]:
    """Open entries that break no critical rule of today, by the rule they broke: a replay would load them."""
    entry, rows = quarantine.event, side.records.rows
    query = (
        select(entry.c.rule, func.count())
        .join(rows, same_position(rows, entry))
        .where(
            entry.c.topic == contract.topic,
            entry.c.status == quarantine.OPEN,
            entry.c.origin == quarantine.CHECK,
            not_(_is_bad(side)),
        )
        .group_by(entry.c.rule)
        .order_by(entry.c.rule)
    )
    return dict(connection.execute(query).all())


def _admitted(contract: Contract, side: Side, core: EventTables) -> Select[Any]:
    rows, entry = side.records.rows, quarantine.event
    let_in = or_(
        entry.c.status == quarantine.REPLAYED,
        and_(entry.c.id.is_(None), or_(not_(_is_bad(side)), _live_at(side, core))),
    )
    by_load = case((entry.c.id.is_not(None), entry.c.closed_load_id), else_=load_of(contract.topic, rows))
    values = {**dict(rows.c.items()), LOAD_ID: by_load.label(LOAD_ID)}
    source = rows.outerjoin(entry, (entry.c.topic == contract.topic) & same_position(entry, rows))
    names = [column.name for column in side.core.rows.columns]
    return select(*(values[name] for name in names)).select_from(source).where(let_in, not_(_is_bad(side, RULE)))


def _is_bad(side: Side, rule: str | None = None) -> ColumnElement[bool]:
    """Whether a record breaks a critical rule of today; the one of that name, if it is given."""
    rows, verdict = side.records.rows, side.records.verdict
    query = select(verdict.c.rule).where(same_position(verdict, rows), verdict.c.severity == CRITICAL)
    if rule is not None:
        query = query.where(verdict.c.rule == rule)
    return query.correlate(rows).exists()


def _live_at(side: Side, core: EventTables) -> ColumnElement[bool]:
    """Whether core has the record's event, and from this very record."""
    rows, live = side.records.rows, core.rows
    query = select(live.c.event_id).where(live.c.event_id == rows.c.event_id, same_position(live, rows))
    return query.correlate(rows).exists()


def _is_in_core(side: Side) -> ColumnElement[bool]:
    """Whether the side's core has the record's event, from this record or from another."""
    rows, built = side.records.rows, side.core.rows
    return select(built.c.event_id).where(built.c.event_id == rows.c.event_id).correlate(rows).exists()


def _entry_at(topic: str, rows: Any) -> ColumnElement[bool]:
    entry = quarantine.event
    query = select(entry.c.id).where(entry.c.topic == topic, same_position(entry, rows))
    return query.correlate(rows).exists()


def _is_known_before(admitted: Subquery, span: Span, core: EventTables) -> ColumnElement[bool]:
    """Whether core has the event by a load before the record's, from a record that is not of the span."""
    live, before, own = core.rows, ledger.load.alias("before"), ledger.load.c
    query = (
        select(live.c[EVENT_ID])
        .join(before, before.c.load_id == live.c.load_id)
        .where(
            live.c[EVENT_ID] == admitted.c[EVENT_ID],
            not_(span.holds(live)),
            before.c.publication < own.publication,
        )
    )
    return query.correlate(admitted, ledger.load).exists()
