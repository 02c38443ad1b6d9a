"""Merkle trees of RFC 6962 over hashes of leaves: the root, the path from a leaf to it, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
"""Put before what is hashed, so that no node can be taken for a leaf."""


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of leaves; that of no leaf is SHA-256 of nothing."""
    if not leaves:
        return sha256(b"").digest()
    *_, top = _levels(leaves)
    return top[0]


def path_to(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What `root_from` needs besides the leaf, from below to above; raises IndexError when there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    path = []
    for level in _levels(leaves):
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index //= 2
    return path


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that follows from the hash of leaf number `index` of `size`; None when the path has another length."""
    if not 0 <= index < size:
        return None
    found, waiting, last = leaf, list(reversed(path)), size - 1
    while last:
        if index % 2 or index < last:
            if not waiting:
                return None
            sibling = waiting.pop()
            found = _node(sibling, found) if index % 2 else _node(found, sibling)
        index, last = index // 2, last // 2
    return None if waiting else found


def _levels(leaves: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """The leaves, the nodes above them, up to the root; a node without a sibling goes up as it is."""
    level = leaves
    while len(level) > 1:
        yield level
        above = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = [*above, level[-1]] if len(level) % 2 else above
    yield level


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
