"""Content hashes of both sides, part by part, so that a difference says where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import BIT

from consumers.warehouse.rebuild.sides import Sides

STRIDE = 100_000
"""Offsets of a partition that make one part."""

_WORD = 1 << 64


@dataclass(frozen=True)
class Content:
    """How many rows there are, and a hash of them that does not depend on their order.

    The hash is the sum of the rows' MD5 sums, taken as two integers of 64 bits.
    """

    rows: int = 0
    high: int = 0
    low: int = 0

    def __add__(self, other: Content) -> Content:
        return Content(self.rows + other.rows, (self.high + other.high) % _WORD, (self.low + other.low) % _WORD)

    @property
    def hash(self) -> str:
        """In hexadecimal."""
        return f"{self.high:016x}{self.low:016x}"


@dataclass(frozen=True)
class Part:
    """Rows of one partition with offsets from `from_offset` to before `from_offset + STRIDE`, on both sides.

    Both are None for lines without an event.
    """

    table: str
    partition: int | None
    from_offset: int | None
    live: Content
    rebuilt: Content

    @property
    def is_equal(self) -> bool:
        """Whether both sides hold the same."""
        return self.live == self.rebuilt


def parts_of(connection: Connection, sides: Sides, among: Sequence[Part] = ()) -> list[Part]:
    """The table's parts, in order, or those of them that are given; read in the caller's snapshot."""
    rows = both(sides).subquery("rows")
    place = (rows.c.kafka_partition, part_number(rows))
    columns = [*contents(rows, rows.c.is_live), *contents(rows, ~rows.c.is_live)]
    query = select(*place, *columns).group_by(*place).order_by(*place)
    found = connection.execute(query.where(within(rows, among)) if among else query)
    return [
        Part(
            sides.name,
            partition,
            None if number is None else number * STRIDE,
            _content(*counts[:3]),
            _content(*counts[3:]),
        )
        for partition, number, *counts in found
    ]


def part_number(rows: Subquery) -> ColumnElement[int]:
    """The part a row belongs to, counted from 0 in its partition."""
    return func.div(rows.c.kafka_offset, STRIDE).cast(BigInteger)


def within(rows: Subquery, parts: Sequence[Part]) -> ColumnElement[bool]:
    """Whether a row belongs to one of these parts, or to none, since its event is not in core."""
    numbered = [
        (part.partition, part.from_offset // STRIDE)
        for part in parts
        if part.partition is not None and part.from_offset is not None
    ]
    of_parts = tuple_(rows.c.kafka_partition, part_number(rows)).in_(numbered)
    return or_(of_parts, rows.c.kafka_partition.is_(None))


def both(sides: Sides) -> Any:
    """The rows of both sides, with the two halves of their hash, and whether they are the live ones."""
    return union_all(_hashed(sides.live, is_live=True), _hashed(sides.rebuilt, is_live=False))


def contents(rows: Subquery, which: ColumnElement[bool]) -> Sequence[ColumnElement[Any]]:
    """Number of those rows, and the sums of the halves of their hashes."""
    return func.count().filter(which), *(func.sum(rows.c[half]).filter(which) for half in ("high", "low"))


def _hashed(side: Select[Any], *, is_live: bool) -> Select[Any]:
    rows = side.subquery()
    digest = func.md5(rows.c.content)
    return select(
        rows.c.kafka_partition,
        rows.c.kafka_offset,
        rows.c.event_id,
        _number(func.left(digest, 16)).label("high"),
        _number(func.right(digest, 16)).label("low"),
        literal(is_live).label("is_live"),
    )


def _number(hexadecimal: ColumnElement[str]) -> ColumnElement[int]:
    return cast(cast(literal("x").concat(hexadecimal), BIT(64)), BigInteger)


def _content(rows: int, high: Any, low: Any) -> Content:
    return Content(rows, int(high or 0) % _WORD, int(low or 0) % _WORD)
