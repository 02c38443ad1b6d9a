"""The object that holds the salts and leaves of one seal, independent of the lake's files; only an erasure changes it.

Ten bytes `HGLEAVES1\\n`, then 72 bytes for each leaf in the order of offsets: offset (eight bytes, big-endian), salt,
hash.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from consumers.lake.keys import BatchRange
from consumers.warehouse.sealing.leaf import Leaf
from infra.errors import OperatorError
from infra.object_store import LakeStore, ObjectExists

MAGIC = b"HGLEAVES1\n"
_ENTRY = struct.Struct(">Q32s32s")


class LeavesDamaged(OperatorError):
    """An object below `receipts/` is not what was sealed: restore it from a backup of the store."""


class LeavesDiffer(OperatorError):
    """Leaves were stored by a run that died, and the lake now says otherwise.

    `hagiang rebuild` tells whether the lake was changed: restore it, then seal again. If the lake is right, nothing has
    been signed yet: remove the object of leaves that is named and seal again.
    """


@dataclass(frozen=True)
class SaltedLeaf:
    """A leaf of the tree at its offset, and the salt it was hashed with."""

    offset: int
    salt: bytes
    hash: bytes


def leaves_key(topic: str, partition: int, offsets: BatchRange) -> str:
    """Where the leaves of a batch lie."""
    return f"{leaves_prefix(topic, partition)}{offsets.next_offset:020d}-{offsets.from_offset:020d}.leaves"


def leaves_prefix(topic: str, partition: int) -> str:
    """Where all leaves of a partition lie."""
    return f"receipts/{topic}/{partition}/"


def range_of_leaves(key: str) -> BatchRange:
    """The offsets of the batch whose leaves lie at such a key."""
    following, _, first = key.rpartition("/")[2].removesuffix(".leaves").partition("-")
    return BatchRange(next_offset=int(following), from_offset=int(first))


def fixed_leaves(store: LakeStore, key: str, leaves: Sequence[Leaf], salt: Callable[[], bytes]) -> list[SaltedLeaf]:
    """The leaves with fresh salts, stored; those that are there already when a run has died before it could seal.

    Raises LeavesDiffer when these are of other records.
    """
    fresh = [SaltedLeaf(leaf.offset, one, leaf.hashed(one)) for leaf in leaves for one in (salt(),)]
    try:
        store.put(key, packed(fresh), if_absent=True)
    except ObjectExists:
        kept = stored_leaves(store, key)
        same = [
            SaltedLeaf(leaf.offset, one.salt, leaf.hashed(one.salt)) for leaf, one in zip(leaves, kept, strict=False)
        ]
        if same != kept or len(kept) != len(leaves):
            raise LeavesDiffer(key) from None
        return kept
    return fresh


def stored_leaves(store: LakeStore, key: str) -> list[SaltedLeaf]:
    """The leaves of the object; raises ObjectMissing, LeavesDamaged."""
    body = store.get(key)
    if not body.startswith(MAGIC) or (len(body) - len(MAGIC)) % _ENTRY.size:
        raise LeavesDamaged(key)
    return [SaltedLeaf(*entry) for entry in _ENTRY.iter_unpack(body[len(MAGIC) :])]


def packed(leaves: Sequence[SaltedLeaf]) -> bytes:
    """As they are stored."""
    return MAGIC + b"".join(_ENTRY.pack(leaf.offset, leaf.salt, leaf.hash) for leaf in leaves)
