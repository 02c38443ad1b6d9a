"""Rebuilds as tests run them, and what they found."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text

from consumers.warehouse.rebuild.rebuild import Rebuild, rebuild
from consumers.warehouse.rebuild.span import ALL, Loads
from infra.object_store import LakeStore
from schemas.contract import Contract

Kinds = list[tuple[str, str, int]]


def rebuilt(engine: Engine, lake: LakeStore, contract: Contract, loads: Loads = ALL, **how: Any) -> Rebuild:
    """One that finds something to rebuild."""
    found = rebuild(engine, lake, contract, loads, "test", **how)
    assert found is not None
    return found


def kinds(found: Rebuild) -> Kinds:
    """Table, kind and number of every difference."""
    return [(each.table, each.kind, each.records) for each in found.found.differences]


def damage(engine: Engine, *statements: str) -> None:
    """Changes by hand."""
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
