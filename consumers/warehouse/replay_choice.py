"""Which entries of the quarantine a replay takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, cast, extract, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from consumers.warehouse.references import REFERENCE_EVENTS, reference_state
from consumers.warehouse.tables import ledger, quarantine


@dataclass(frozen=True)
class CauseKey:
    """What tells the causes of an event apart: see the view `quarantine.open_by_cause`."""

    origin: str
    rule: str
    field: str | None = None
    missing_references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Open entries of an event that could be decoded; what is None or False narrows nothing.

    `rules`: one of these is among the rules they broke. `ids`: their numbers. `cause`: they are there for it.
    `through_id`: they came no later than that one. `tried_before`: no load of that number or a later one has checked
    them. `reference_changed`: nothing is wrong but that codes were not known, and a reference list that lacked one has
    changed since they were checked last.
    """

    rules: Collection[str] | None = None
    ids: Collection[int] | None = None
    cause: CauseKey | None = None
    through_id: int | None = None
    tried_before: int | None = None
    reference_changed: bool = False


@dataclass(frozen=True)
class ReplayLimits:
    """A replay takes at most so many entries and, unless the first alone is larger, so many bytes of them."""

    max_entries: int = 300_000
    max_bytes: int = 128 << 20


@dataclass(frozen=True)
class Datum:
    """A kept record: its bytes as the producer sent them, and Kafka's own timestamp in milliseconds."""

    partition: int
    offset: int
    timestamp: int
    schema_id: int
    raw: bytes


def chosen(connection: Connection, event: str, choice: Choice, limits: ReplayLimits) -> list[Datum]:
    """Those that were not tried for longest first, up to the limits."""
    entry = quarantine.event.c
    order = (entry.last_tried_load_id, entry.id)
    milliseconds = cast(extract("epoch", entry.kafka_timestamp) * 1000, BigInteger)
    bytes_before = func.sum(func.octet_length(entry.raw)).over(order_by=order) - func.octet_length(entry.raw)
    columns = (entry.kafka_partition, entry.kafka_offset, milliseconds, entry.schema_id, entry.raw)
    query = select(*columns, bytes_before.label("bytes_before")).where(*_conditions(connection, event, choice))
    among = query.order_by(*order).limit(limits.max_entries).subquery()
    *wanted, before = among.c
    return [Datum(*row) for row in connection.execute(select(*wanted).where(before < limits.max_bytes))]


def undecodable(connection: Connection, event: str, choice: Choice) -> int:
    """Open entries that the choice names and no replay takes, since landing could not decode them."""
    of_landing = quarantine.event.c.origin == quarantine.LANDING
    query = select(func.count()).where(*open_and_named(event, choice), of_landing)
    return connection.execute(query).scalar_one()


def due_events(connection: Connection) -> list[str]:
    """Events with entries whose reference lists have changed, those first that bring codes to the lists themselves."""
    entry = quarantine.event.c
    waiting = entry.status == quarantine.OPEN
    query = select(entry.event).where(waiting, *_reference_changed(reference_state(connection))).distinct()
    found = set(connection.execute(query).scalars())
    first = [event for event in REFERENCE_EVENTS if event in found]
    return [*first, *sorted(found.difference(first))]


def _conditions(connection: Connection, event: str, choice: Choice) -> list[ColumnElement[bool]]:
    entry = quarantine.event.c
    conditions = [*open_and_named(event, choice), entry.origin == quarantine.CHECK]
    if choice.tried_before is not None:
        conditions.append(entry.last_tried_load_id < choice.tried_before)
    if choice.reference_changed:
        conditions.extend(_reference_changed(reference_state(connection)))
    return conditions


def open_and_named(event: str, choice: Choice) -> list[ColumnElement[bool]]:
    """Whether an entry is open and named by the choice, be it decodable or not."""
    entry = quarantine.event.c
    conditions = [entry.event == event, entry.status == quarantine.OPEN]
    if choice.cause is not None:
        conditions.extend(_of_cause(choice.cause))
    if choice.through_id is not None:
        conditions.append(entry.id <= choice.through_id)
    if choice.rules is not None:
        conditions.append(entry.rules.overlap(list(choice.rules)))
    if choice.ids is not None:
        conditions.append(entry.id.in_(choice.ids))
    return conditions


def _of_cause(cause: CauseKey) -> list[ColumnElement[bool]]:
    entry = quarantine.event.c
    return [
        entry.origin == cause.origin,
        entry.rule == cause.rule,
        entry.field.is_not_distinct_from(cause.field),
        entry.missing_references == cast(list(cause.missing_references), ARRAY(Text)),
    ]


def _reference_changed(state: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Whether a list that the entry waits for is not as it was when the entry was checked last."""
    entry, load = quarantine.event.c, ledger.load.c
    waits_for = func.unnest(entry.missing_references, type_=Text()).column_valued("waits_for")
    now = cast(dict(state), JSONB)
    changed = (
        select(load.load_id)
        .where(
            load.load_id == entry.last_tried_load_id,
            load.reference_state[waits_for].astext.is_distinct_from(now[waits_for].astext),
        )
        .correlate(quarantine.event)
        .exists()
    )
    # The first is what the index on waiting entries is for.
    return [entry.missing_references != text("'{}'"), changed]
