"""Seals every published batch that has no seal yet.

The leaves are stored before the seal is signed, so that a run may die anywhere: the next one finds them and goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, Row, and_, select

from consumers.lake.keys import BatchRange
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.sealing.books import add_seal, hash_of_seal_before, utc_text
from consumers.warehouse.sealing.keys import key_id_of
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.sealing.leaves import fixed_leaves, leaves_key
from consumers.warehouse.sealing.merkle import root_of
from consumers.warehouse.sealing.records import leaves_in
from consumers.warehouse.sealing.seal import Statement, signed
from consumers.warehouse.tables.ledger import batch
from consumers.warehouse.tables.seals import seal
from infra.errors import OperatorError
from infra.object_store import LakeStore

log = logging.getLogger(__name__)


class LakeMiscounted(OperatorError):
    """The lake holds another number of records than were loaded, and nothing was sealed of the batch.

    `hagiang rebuild` names what is missing: restore the lake's objects from a backup.
    """


@dataclass(frozen=True)
class Sealed:
    """What a run has sealed."""

    batches: int
    records: int


@dataclass(frozen=True)
class Sealer:
    """Who seals: the key, the clock (in UTC) and 32 random bytes at each call."""

    key: Ed25519PrivateKey
    now: Callable[[], datetime]
    salt: Callable[[], bytes]


def seal_published(engine: Engine, store: LakeStore, sealer: Sealer) -> Sealed:
    """Seal each batch, one transaction each; done again, or by several at once, it changes nothing more.

    Raises LakeMiscounted, LeavesDiffer, SealBeforeMissing, what leaves_in raises, WarehouseUnavailable; what was sealed
    before stays.
    """
    with warehouse_errors(), engine.connect() as connection:
        waiting = _unsealed(connection)
    sealed = [(each, len(_seal_batch(engine, store, sealer, each))) for each in waiting]
    return Sealed(len(sealed), sum(records for _, records in sealed))


def _unsealed(connection: Connection) -> list[Row[tuple[object, ...]]]:
    """Published batches without a seal, each behind those that it follows."""
    of, on = batch.c, seal.c
    same = and_(on.topic == of.topic, on.partition == of.partition, on.next_offset == of.next_offset)
    query = (
        select(batch)
        .outerjoin(seal, same)
        .where(of.from_offset.is_not(None), on.next_offset.is_(None))
        .order_by(of.topic, of.partition, of.next_offset)
    )
    return list(connection.execute(query))


def _seal_batch(engine: Engine, store: LakeStore, sealer: Sealer, of: Row[tuple[object, ...]]) -> list[Leaf]:
    offsets = BatchRange(next_offset=of.next_offset, from_offset=of.from_offset)
    leaves = leaves_in(store, of.topic, of.partition, offsets)
    if not of.consumed - of.erased <= len(leaves) <= of.consumed:
        raise LakeMiscounted(f"{of.topic}, partition {of.partition}, {offsets}: {len(leaves)}, loaded {of.consumed}")
    salted = fixed_leaves(store, leaves_key(of.topic, of.partition, offsets), leaves, sealer.salt)
    with warehouse_errors(), engine.begin() as connection:
        statement = Statement(
            topic=of.topic,
            partition=of.partition,
            from_offset=of.from_offset,
            next_offset=of.next_offset,
            leaves=len(leaves),
            consumed=of.consumed,
            loaded=of.loaded,
            duplicate=of.duplicate,
            quarantined=of.quarantined,
            rejected=of.rejected,
            erased=of.erased,
            root=root_of([leaf.hash for leaf in salted]).hex(),
            previous=hash_of_seal_before(connection, of.topic, of.partition, of.from_offset),
            sealed_at=utc_text(sealer.now()),
            key_id=key_id_of(sealer.key.public_key()),
        )
        add_seal(connection, signed(statement, sealer.key))
    log.info("Batch sealed", extra={"action": "batch_sealed", "topic": of.topic, "records": len(leaves)})
    return leaves
