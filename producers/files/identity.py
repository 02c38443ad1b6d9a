"""Event ids for rows, which have none of their own: the same row gives the same id, from whatever file (ADR 0901)."""

from __future__ import annotations

from array import array
from hashlib import sha1
from typing import Any
from uuid import UUID

import orjson

NAMESPACE = UUID("6c0f9d2e-5b1a-5e0c-9f57-0d2f1e7a4b90")
_MARKED = (1 << 64) - 1


def content_of(event_name: str, event: dict[str, Any]) -> bytes:
    """What the row says, independent of how the file says it: the event's fields that are there, in fixed order."""
    return event_name.encode() + b"\0" + orjson.dumps(event, option=orjson.OPT_SORT_KEYS)


def row_id(content: bytes, occurrence: int) -> str:
    """UUIDv5 of the content, and of its number among rows with the same content, counted from 0."""
    name = content if not occurrence else b"%b\0%d" % (content, occurrence)
    digest = sha1(NAMESPACE.bytes + name, usedforsecurity=False).digest()
    return str(UUID(bytes=digest[:16], version=5))


class Occurrences:
    """Counts how often each content has been seen, in some 16 bytes for each: a table of 64-bit hashes.

    Two different contents of one file share a hash once in 30 million files of a million rows.
    """

    def __init__(self, slots: int = 1 << 12) -> None:
        self._table = array("Q", bytes(8 * slots))
        self._filled = 0
        self._repeats: dict[int, int] = {}

    def number(self, content: bytes) -> int:
        """0 for the first one, 1 for the next one with the same content, and so on."""
        mark = int.from_bytes(sha1(content, usedforsecurity=False).digest()[:8]) or _MARKED
        if self._add(mark):
            return 0
        self._repeats[mark] = self._repeats.get(mark, 0) + 1
        return self._repeats[mark]

    def _add(self, mark: int) -> bool:
        """Whether the mark is new."""
        if self._filled * 2 >= len(self._table):
            self._grow()
        if not _put(self._table, mark):
            return False
        self._filled += 1
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._table)))
        for mark in self._table:
            if mark:
                _put(larger, mark)
        self._table = larger


def _put(table: array[int], mark: int) -> bool:
    last = len(table) - 1
    slot = mark & last
    while (kept := table[slot]) != mark:
        if not kept:
            table[slot] = mark
            return True
        slot = (slot + 1) & last
    return False
