"""The object store's behaviour in a dictionary, for rules that need no server."""

from __future__ import annotations

from collections.abc import Iterator

from infra.object_store import ObjectExists, ObjectMissing


class MemoryStore:
    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
        if if_absent and key in self.objects:
            raise ObjectExists(key)
        self.objects[key] = body

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise ObjectMissing(key)
        return self.objects[key]

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def list_after(self, prefix: str, start_after: str = "") -> Iterator[str]:
        yield from sorted(key for key in self.objects if key.startswith(prefix) and key > start_after)

    def under(self, prefix: str) -> list[str]:
        return [key for key in sorted(self.objects) if key.startswith(f"raw/marketplace/{prefix}")]
