"""Makes the warehouse what the lake says, in place and in one transaction: only records that differ are touched."""

from __future__ import annotations

import logging
from typing import ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Insert,
    Table,
    delete,
    exists,
    func,
    insert,
    inspect,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import AddConstraint

from consumers.warehouse.balance import lock_watermarks
from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.quarantine import bad_rows_entries, insert_entries, rejects_entries
from consumers.warehouse.rebuild.compare import Comparison
from consumers.warehouse.rebuild.differences import CHANGED, EXTRA, MISCOUNTED, MISSING
from consumers.warehouse.rebuild.history import history_of
from consumers.warehouse.rebuild.parts import parts_of
from consumers.warehouse.rebuild.side import Side
from consumers.warehouse.rebuild.sides import sides_of
from consumers.warehouse.rebuild.span import Span, load_of, partitions_of
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.core import EVENT_ID, EventTables
from consumers.warehouse.tables.naming import CORE, QUARANTINE
from infra.errors import OperatorError
from schemas.contract import Contract

log = logging.getLogger(__name__)

_ENTRIES = f"{QUARANTINE}.{quarantine.event.name}"


class RebuildOvertaken(OperatorError):
    """Entries of the quarantine were replayed or closed since both sides were compared: nothing was written, rebuild
    again.
    """

    retriable: ClassVar[bool] = True


class LakeNotWhole(OperatorError):
    """The lake has another number of records than were loaded from it, so it cannot say what should be in core.

    Nothing was swapped. Restore the lake's objects from a backup.
    """


class SwapConflict(OperatorError):
    """A later load brought an event that belongs to an earlier record, so nothing was swapped: leave out `--to`, or
    choose a later day, so that the rebuild goes over that load too.
    """


class SwapFailed(OperatorError):
    """What was swapped in is not what was rebuilt, so all was rolled back: report it as a fault of the platform."""


def swap(
    connection: Connection, contract: Contract, side: Side, span: Span, core: EventTables, found: Comparison
) -> int:
    """Put what was rebuilt in place of the records that differ, in the caller's transaction; rows put into core.

    Holds the watermarks' locks: live loads wait until the end, and what they brought since is not touched, since it
    lies beyond the span. Entries of the quarantine that no record of the lake explains stay as they are. Raises
    RebuildOvertaken, LakeNotWhole, SwapConflict, SwapFailed.
    """
    if any(difference.kind == MISCOUNTED for difference in found.differences):
        raise LakeNotWhole(span.topic)
    lock_watermarks(connection, span.topic, partitions_of(span))
    _lock_entries(connection, contract, span)
    if history_of(connection, contract, span) != found.history:
        raise RebuildOvertaken(span.topic)
    _remove(connection, side, core)
    rows = _put(connection, side, core)
    _restore_keys(connection, core)
    _mend_entries(connection, contract, side)
    _refuse_unequal(connection, contract, side, span, core, found)
    log.info("Swapped %d rows into core", rows, extra={"action": "swap", "event": contract.event})
    return rows


def _lock_entries(connection: Connection, contract: Contract, span: Span) -> None:
    """In the order in which replays lock them."""
    entry = quarantine.event.c
    query = select(entry.id).where(entry.topic == contract.topic, span.concerns(quarantine.event, contract.event))
    locked = query.order_by(entry.id).with_for_update().subquery()
    connection.execute(select(func.count()).select_from(locked))


def _of_core(side: Side) -> ColumnElement[bool]:
    return side.differs.c.name.startswith(f"{CORE}.")


def _events_that_differ(side: Side) -> FromClause:
    """Every event that a record which differs names, on either side."""
    event_id = func.unnest(side.differs.c.event_ids).label(EVENT_ID)
    return select(event_id).where(_of_core(side)).distinct().subquery()


def _places_that_differ(side: Side) -> FromClause:
    return select(*(side.differs.c[name] for name in POSITION)).where(_of_core(side)).distinct().subquery()


def _remove(connection: Connection, side: Side, core: EventTables) -> None:
    """Rows at positions that differ, rows of the events that belong there, and the lines of both."""
    events, places = _events_that_differ(side), _places_that_differ(side)
    at_place = tuple_(*(core.rows.c[name] for name in POSITION)).in_(select(*(places.c[name] for name in POSITION)))
    for child in core.children:
        connection.execute(delete(child).where(child.c[EVENT_ID].in_(select(events.c[EVENT_ID]))))
    connection.execute(delete(core.rows).where(at_place))


def _put(connection: Connection, side: Side, core: EventTables) -> int:
    """The rebuilt rows of those positions, and their lines."""
    places = _places_that_differ(side)
    wanted = exists().where(same_position(places, side.core.rows))
    try:
        rows = connection.execute(_copied(side.core.rows, core.rows, wanted)).rowcount
        for built, child in zip(side.core.children, core.children, strict=True):
            of_wanted = select(side.core.rows.c[EVENT_ID]).where(wanted)
            connection.execute(_copied(built, child, built.c[EVENT_ID].in_(of_wanted)))
    except IntegrityError as error:
        raise SwapConflict(str(error.orig)) from error
    return rows


def _copied(source: Table, target: Table, which: ColumnElement[bool]) -> Insert:
    names = [column.name for column in source.columns]
    rows = select(*(source.c[name] for name in names)).where(which)
    return insert(target).from_select(names, rows).execution_options(preserve_rowcount=True)


def _mend_entries(connection: Connection, contract: Contract, side: Side) -> None:
    """Entries that are missing get there with the reasons of today; bytes and origin of others become the lake's."""
    built, entry, records = side.quarantine, quarantine.event, side.records
    bad = bad_rows_entries(contract, records, side.raw, load_of(contract.topic, records.rows))
    insert_entries(connection, *bad, _differs(side, MISSING, records.rows))
    rejects = rejects_entries(contract, records, load_of(contract.topic, records.rejects))
    insert_entries(connection, *rejects, _differs(side, MISSING, records.rejects))
    kept = [column.name for column in built.columns if column.name not in POSITION]
    connection.execute(
        update(entry)
        .where(entry.c.topic == contract.topic, same_position(entry, built), _differs(side, CHANGED, built))
        .values({name: built.c[name] for name in kept})
    )


def _differs(side: Side, kind: str, rows: Table) -> ColumnElement[bool]:
    """Whether the quarantine differs in that way at the row's position."""
    differs = side.differs
    return exists().where(differs.c.name == _ENTRIES, differs.c.kind == kind, same_position(differs, rows))


def _restore_keys(connection: Connection, core: EventTables) -> None:
    """A row can only be there twice when a table has lost its key, and without it no load can go on."""
    for table in core.all:
        if not inspect(connection).get_pk_constraint(table.name, schema=table.schema)["constrained_columns"]:
            connection.execute(AddConstraint(table.primary_key))


def _refuse_unequal(
    connection: Connection, contract: Contract, side: Side, span: Span, core: EventTables, found: Comparison
) -> None:
    """Both sides again, in the parts that differed, now that all is in place."""
    for sides in sides_of(contract, side, span, core):
        differed = [part for part in found.parts if part.table == sides.name and not part.is_equal]
        again = parts_of(connection, sides, differed) if differed else []
        unequal = [part for part in again if not part.is_equal]
        if unequal and not (sides.name == _ENTRIES and _has_extra_entries(connection, side)):
            raise SwapFailed(f"{sides.name}, partition {unequal[0].partition}, from offset {unequal[0].from_offset}")


def _has_extra_entries(connection: Connection, side: Side) -> bool:
    query = select(side.differs.c.kind).where(side.differs.c.name == _ENTRIES, side.differs.c.kind == EXTRA).limit(1)
    return connection.execute(query).first() is not None
