"""The rows of one partition whose term has ended: counted, or removed and put on record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    LargeBinary,
    Select,
    Update,
    and_,
    cast,
    delete,
    exists,
    false,
    func,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from consumers.warehouse.failed_rows import same_position
from consumers.warehouse.retention.terms import Terms
from consumers.warehouse.tables import ledger, quarantine
from consumers.warehouse.tables.core import EVENT_ID, EventTables
from consumers.warehouse.tables.retention import expired_event

_entry = quarantine.event
_EMPTY = cast(literal("{}"), JSONB)


@dataclass(frozen=True)
class Rows:
    """How many, as `ledger.expired` counts them.

    `loaded` are rows of core, `replayed` those of them that a replay had loaded; `quarantined` and `rejected` are
    closed entries; `emptied` are entries that became a row of core and stay with it, without what they held.
    """

    loaded: int = 0
    replayed: int = 0
    quarantined: int = 0
    rejected: int = 0
    emptied: int = 0

    def __add__(self, other: Rows) -> Rows:
        mine, others = asdict(self), asdict(other)
        return Rows(**{name: count + others[name] for name, count in mine.items()})

    def __bool__(self) -> bool:
        return any(asdict(self).values())


@dataclass(frozen=True)
class Place:
    """A partition below the lake's horizon, and the terms by which its rows go: those Kafka took before them."""

    event: str
    topic: str
    partition: int
    horizon: int
    terms: Terms
    core: EventTables

    @property
    def rows(self) -> ColumnElement[bool]:
        """Which rows of core."""
        of = self.core.rows.c
        if self.terms.core is None:
            return false()
        below = and_(of.kafka_partition == self.partition, of.kafka_offset < self.horizon)
        return and_(below, of.kafka_timestamp < self.terms.core)

    @property
    def entries(self) -> ColumnElement[bool]:
        """Which entries of the quarantine lose their content; an open one never does."""
        of = _entry.c
        if self.terms.quarantine is None:
            return false()
        below = and_(of.topic == self.topic, of.kafka_partition == self.partition, of.kafka_offset < self.horizon)
        taken = func.coalesce(of.kafka_timestamp, of.quarantined_at)
        return and_(below, of.status != quarantine.OPEN, taken < self.terms.quarantine)

    @property
    def removed_entries(self) -> ColumnElement[bool]:
        """Which of them go: all but those that became a row of core which stays."""
        return and_(self.entries, not_(self._stays_in_core))

    @property
    def emptied_entries(self) -> ColumnElement[bool]:
        """Which of them stay without content, and still have some."""
        return and_(self.entries, self._stays_in_core, _entry.c.payload != _EMPTY)

    @property
    def _stays_in_core(self) -> ColumnElement[bool]:
        own_row = exists().where(same_position(self.core.rows, _entry), not_(self.rows))
        return and_(_entry.c.status == quarantine.REPLAYED, _entry.c.outcome == quarantine.LOADED, own_row)


def count_going(connection: Connection, place: Place) -> Rows:
    """How many would go."""
    rows, load = place.core.rows, ledger.load
    of_core = rows.join(load, load.c.load_id == rows.c.load_id)
    by_replay = func.count().filter(load.c.kind == ledger.REPLAY)
    loaded, replayed = connection.execute(select(func.count(), by_replay).select_from(of_core).where(place.rows)).one()
    origins = select(_entry.c.origin, func.count()).where(place.removed_entries).group_by(_entry.c.origin)
    entries: dict[str, int] = dict(connection.execute(origins).all())
    emptied = select(func.count()).select_from(_entry).where(place.emptied_entries)
    return Rows(
        loaded=loaded,
        replayed=replayed,
        quarantined=entries.get(quarantine.CHECK, 0),
        rejected=entries.get(quarantine.LANDING, 0),
        emptied=connection.execute(emptied).scalar_one(),
    )


def remove_going(connection: Connection, place: Place) -> Rows:
    """Remove them in the caller's snapshot (REPEATABLE READ), and note which events left core."""
    found = count_going(connection, place)
    for statement in _removal(place) if found else ():
        connection.execute(statement)
    return found


def _removal(place: Place) -> Iterator[Any]:
    """Entries first: they are told by the rows of core."""
    yield delete(_entry).where(place.removed_entries)
    yield _emptying(place)
    gone: Select[Any] = select(place.core.rows.c[EVENT_ID]).where(place.rows)
    ids = gone.with_only_columns(literal(place.event), place.core.rows.c[EVENT_ID])
    yield insert(expired_event).from_select(["event", EVENT_ID], ids).on_conflict_do_nothing()
    for child in place.core.children:
        of_gone: Delete = delete(child).where(child.c[EVENT_ID].in_(gone))
        yield of_gone
    yield delete(place.core.rows).where(place.rows)


def _emptying(place: Place) -> Update:
    return update(_entry).where(place.emptied_entries).values(raw=cast(literal(b""), LargeBinary), payload=_EMPTY)
