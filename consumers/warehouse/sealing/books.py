"""Seals in `ledger.seal`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.postgresql import insert

from consumers.warehouse.sealing.seal import NO_SEAL, Seal, Statement
from consumers.warehouse.tables.seals import seal
from infra.errors import OperatorError

_HASHES = ("root", "previous")


class SealBeforeMissing(OperatorError):
    """The seal that this one has to name is not in `ledger.seal`: rows were removed; restore the table."""


def hash_of_seal_before(connection: Connection, topic: str, partition: int, from_offset: int) -> str:
    """What the seal of a batch that begins there names as the one before it; raises SealBeforeMissing."""
    query = select(seal.c.hash).where(
        seal.c.topic == topic, seal.c.partition == partition, seal.c.next_offset == from_offset
    )
    found = connection.execute(query).scalar_one_or_none()
    if found is None and from_offset != 0:
        raise SealBeforeMissing(f"{topic}, partition {partition}, offset {from_offset}")
    return NO_SEAL if found is None else bytes(found).hex()


def add_seal(connection: Connection, made: Seal) -> None:
    """Write the seal down, unless somebody has sealed the batch meanwhile."""
    values = {name: value for name, value in asdict(made.statement).items() if name != "format"}
    values |= {name: bytes.fromhex(values[name]) for name in _HASHES}
    values |= {"sealed_at": datetime.fromisoformat(made.statement.sealed_at)}
    values |= {"hash": bytes.fromhex(made.statement.hash), "signature": made.signature}
    connection.execute(insert(seal).values(values).on_conflict_do_nothing())


def seal_over(connection: Connection, topic: str, partition: int, offset: int) -> Seal | None:
    """The seal of the batch that holds the offset, None when there is none yet."""
    of = seal.c
    query = select(seal).where(
        of.topic == topic, of.partition == partition, of.from_offset <= offset, of.next_offset > offset
    )
    row = connection.execute(query).mappings().one_or_none()
    return _seal(row) if row else None


def all_seals(connection: Connection) -> Iterator[Seal]:
    """In the order of topic, partition and offset."""
    query = select(seal).order_by(seal.c.topic, seal.c.partition, seal.c.next_offset)
    return map(_seal, connection.execute(query).mappings())


def utc_text(moment: datetime) -> str:
    """The one way in which a time is signed."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _seal(row: RowMapping) -> Seal:
    values = {name: value for name, value in row.items() if name not in ("hash", "signature")}
    values |= {name: bytes(row[name]).hex() for name in _HASHES}
    return Seal(Statement(**{**values, "sealed_at": utc_text(row["sealed_at"])}), bytes(row["signature"]))
