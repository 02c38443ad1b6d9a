"""Zeroes the salts of erased records, whose hashes say nothing without them; their neighbours' receipts still hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

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
