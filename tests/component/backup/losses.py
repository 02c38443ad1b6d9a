"""How a lake is lost."""

from __future__ import annotations

from infra.object_store import LakeStore


def empty_lake(lake: LakeStore) -> None:
    """Nothing is left in the bucket."""
    for key in list(lake.list_after("")):
        lake.delete(key)
