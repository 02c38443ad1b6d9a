"""Makes receipts: from a seal, its stored leaves, and the one record that the lake still holds."""

from __future__ import annotations

from typing import ClassVar

from consumers.lake.keys import BatchRange
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.sealing.leaves import LeavesDamaged, SaltedLeaf, leaves_key, stored_leaves
from consumers.warehouse.sealing.merkle import path_to, root_of
from consumers.warehouse.sealing.places import Place
from consumers.warehouse.sealing.receipt import Receipt
from consumers.warehouse.sealing.records import leaves_in
from consumers.warehouse.sealing.seal import Seal, Statement
from infra.errors import OperatorError
from infra.object_store import LakeStore


class NotSealedYet(OperatorError):
    """The batch of that record has no seal yet: it is sealed within the hour after its load, or by `hagiang seal`."""

    retriable: ClassVar[bool] = True


class RecordNotSealed(OperatorError):
    """The sealed batch has no record at that offset: Kafka gives some offsets to markers of its own."""


class RecordChanged(OperatorError):
    """The lake no longer holds the record as it was sealed: it was erased or changed since, and no receipt is given.

    `hagiang rebuild` tells what else the lake lacks. Receipts of its neighbours can be had as before.
    """


def receipt_of(store: LakeStore, seal: Seal | None, place: Place) -> Receipt:
    """The receipt without what is told; raises the errors above, LakeExpired, LeavesDamaged, the lake's errors."""
    if seal is None:
        raise NotSealedYet(str(place))
    leaf = _record_at(store, place)
    leaves = _leaves_of(store, seal.statement)
    index = next((at for at, each in enumerate(leaves) if each.offset == place.offset), None)
    if index is None:
        raise RecordNotSealed(str(place))
    if leaf is None or leaf.hashed(leaves[index].salt) != leaves[index].hash:
        raise RecordChanged(str(place))
    path = path_to([each.hash for each in leaves], index)
    return Receipt(leaf, leaves[index].salt, index, tuple(path), seal, {})


def _leaves_of(store: LakeStore, of: Statement) -> list[SaltedLeaf]:
    key = leaves_key(of.topic, of.partition, BatchRange(next_offset=of.next_offset, from_offset=of.from_offset))
    leaves = stored_leaves(store, key)
    if root_of([leaf.hash for leaf in leaves]).hex() != of.root:
        raise LeavesDamaged(key)
    return leaves


def _record_at(store: LakeStore, place: Place) -> Leaf | None:
    alone = BatchRange(next_offset=place.offset + 1, from_offset=place.offset)
    found = leaves_in(store, place.topic, place.partition, alone)
    return found[0] if found else None
