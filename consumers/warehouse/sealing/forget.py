"""Forgets what leaves could tell of records that are gone: salts of erased ones, all leaves of those past their term.

A hash says nothing without its salt, and neighbours' receipts still hold.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import takewhile

from consumers.warehouse.sealing.leaves import leaves_prefix, packed, range_of_leaves, stored_leaves
from infra.object_store import LakeStore

NO_SALT = bytes(32)


def forget_salts(store: LakeStore, topic: str, partition: int, offsets: Collection[int]) -> int:
    """How many salts were still there; done again, it finds none. Raises LeavesDamaged, what the store raises."""
    wanted, forgotten = set(offsets), 0
    for key in list(store.list_after(leaves_prefix(topic, partition))) if wanted else ():
        span = range_of_leaves(key)
        if not any(span.from_offset <= offset < span.next_offset for offset in wanted):
            continue
        before = stored_leaves(store, key)
        after = [replace(leaf, salt=NO_SALT) if leaf.offset in wanted else leaf for leaf in before]
        changed = sum(one != other for one, other in zip(before, after, strict=True))
        if changed:
            store.put(key, packed(after))
            forgotten += changed
    return forgotten


def drop_leaves(store: LakeStore, topic: str, partition: int, horizon: int) -> int:
    """Remove the leaves of seals that end at `horizon` or before; how many objects that were. Seals themselves stay."""
    keys = store.list_after(leaves_prefix(topic, partition))
    gone = list(takewhile(lambda key: range_of_leaves(key).next_offset <= horizon, keys))
    for key in gone:
        store.delete(key)
    return len(gone)
