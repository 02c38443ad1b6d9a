"""Which loads a rebuild goes over, and the offsets they published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Date, FromClause, and_, cast, false, func, or_, select

from consumers.warehouse.retention.horizon import first_kept
from consumers.warehouse.tables import ledger
from infra.errors import OperatorError
from schemas.contract import Contract

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class SpanExpired(OperatorError):
    """The term of these loads has ended, and the lake keeps nothing that they could be rebuilt from.

    Their rows stay in core as long as the contract says: `hagiang retention` tells from when on the lake has all.
    """


@dataclass(frozen=True)
class Loads:
    """Published loads of an event by their place (`ledger.load.publication`), both ends included; None: no bound."""

    first: int | None = None
    last: int | None = None


ALL = Loads()


@dataclass(frozen=True)
class Offsets:
    """What the loads of a span took of one partition; `consumed` is how many records the ledger says it held."""

    partition: int
    from_offset: int
    next_offset: int
    consumed: int


@dataclass(frozen=True)
class Span:
    """The loads from `first` to `last` and their offsets; `whole` when these are all loads there were."""

    topic: str
    first: int
    last: int
    whole: bool
    ranges: tuple[Offsets, ...]

    @property
    def records(self) -> int:
        """What the ledger says they consumed."""
        return sum(offsets.consumed for offsets in self.ranges)

    def holds(self, source: FromClause) -> ColumnElement[bool]:
        """Whether a row with a Kafka position lies in the offsets of the span."""
        partition, offset = source.c.kafka_partition, source.c.kafka_offset
        return or_(
            false(),
            *(
                and_(partition == each.partition, offset >= each.from_offset, offset < each.next_offset)
                for each in self.ranges
            ),
        )

    def concerns(self, core: FromClause, event: str) -> ColumnElement[bool]:
        """Whether a row of core has to be what the span's records say.

        Of a whole span that is every row but those which loads brought since: a row at a position that no load has
        published is one that should not be there.
        """
        if not self.whole:
            return self.holds(core)
        load = ledger.load.c
        since = select(load.load_id).where(load.event == event, load.publication > self.last)
        return or_(self.holds(core), core.c.load_id.not_in(since))


def loads_of_days(connection: Connection, event: str, first: date | None, last: date | None) -> Loads | None:
    """The loads published on those days (in Vietnam), both included; None when there was none on them."""
    load = ledger.load.c
    day = cast(func.timezone(VIETNAM.key, load.published_at), Date)
    query = select(func.min(load.publication), func.max(load.publication)).where(load.event == event)
    if first is not None:
        query = query.where(day >= first)
    if last is not None:
        query = query.where(day <= last)
    found = connection.execute(query).one()
    return None if found[0] is None else Loads(*found)


def span_of(connection: Connection, contract: Contract, loads: Loads) -> Span | None:
    """The span of these loads as the ledger knows it now; None when none of them took any offset.

    Loads of which the lake has lost batches to the end of their term are left out, and all before them; raises
    SpanExpired when no other is left.
    """
    load, batch = ledger.load.c, ledger.batch.c
    known = select(func.min(load.publication), func.max(load.publication)).where(load.event == contract.event)
    lowest, highest = connection.execute(known).one()
    if lowest is None:
        return None
    kept = first_kept(connection, contract)
    first = max(lowest, kept, loads.first or lowest)
    last = min(highest, highest if loads.last is None else loads.last)
    query = (
        select(batch.partition, func.min(batch.from_offset), func.max(batch.next_offset), func.sum(batch.consumed))
        .join(ledger.load, load.load_id == batch.load_id)
        .where(batch.topic == contract.topic, load.publication.between(first, last))
        .group_by(batch.partition)
        .order_by(batch.partition)
    )
    ranges = tuple(Offsets(*map(int, row)) for row in connection.execute(query))
    if not ranges and (loads.first or lowest) < kept:
        raise SpanExpired(f"{contract.topic}, loads up to {last}")
    return Span(contract.topic, first, last, (first, last) == (lowest, highest), ranges) if ranges else None


def load_of(topic: str, rows: FromClause) -> ColumnElement[int | None]:
    """The load whose published range holds the row's position."""
    batch = ledger.batch.c
    return (
        select(batch.load_id)
        .where(
            batch.topic == topic,
            batch.partition == rows.c.kafka_partition,
            batch.next_offset > rows.c.kafka_offset,
        )
        .order_by(batch.next_offset)
        .limit(1)
        .correlate(rows)
        .scalar_subquery()
    )


def partitions_of(span: Span) -> Sequence[int]:
    """Its partitions, in order."""
    return [offsets.partition for offsets in span.ranges]
