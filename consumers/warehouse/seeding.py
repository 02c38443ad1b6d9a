"""Fills the dimensions from the reference lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.references import REFERENCE_EVENTS
from consumers.warehouse.tables import dimensions
from consumers.warehouse.tables.events import ensure_event_tables
from schemas.catalog import load_catalog
from schemas.reference import lists

Row = dict[str, Any]

# domain facts: the 193 communes hold since 2020-01-01; the merger took effect on 2025-07-01.
COMMUNES_OF_2020 = date(2020, 1, 1)
LAST_DAY_BEFORE_MERGER = date(2025, 6, 30)
MERGER = date(2025, 7, 1)


def seed_dimensions(engine: Engine) -> None:
    """Make the dimensions what the lists say, in one transaction; a second call changes nothing."""
    contracts = load_catalog()
    with warehouse_errors(), engine.begin() as connection:
        # Checks read their tables: they must be there before the first such event, with a province's own contracts too.
        for event in REFERENCE_EVENTS:
            ensure_event_tables(connection, contracts[event])
        _replace(connection, dimensions.dim_admin_unit, admin_units())
        _replace(connection, dimensions.dim_admin_unit_change, map(asdict, lists.admin_unit_changes_2025()))
        _replace(connection, dimensions.dim_agency, map(asdict, lists.agencies()))
        _replace(connection, dimensions.dim_procedure, map(asdict, lists.procedures()))


def admin_units() -> Iterator[Row]:
    """Units of both times; a code of 2025 often means another unit than it did in 2021."""
    for unit in lists.admin_units_2021():
        yield {**_unit(unit), "valid_from": COMMUNES_OF_2020, "valid_to": LAST_DAY_BEFORE_MERGER}
    for unit in lists.admin_units_2025():
        yield {**_unit(unit), "valid_from": MERGER, "valid_to": None}


def _unit(unit: lists.AdminUnit) -> Row:
    return {"code": unit.code, "name": unit.name, "kind": unit.kind, "parent_code": unit.parent_code}


def _replace(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Rows that were taken off a list go too; readers see the old or the new list, never a part."""
    connection.execute(delete(table))
    connection.execute(insert(table), [_nulled(row) for row in rows])


def _nulled(row: Row) -> Row:
    """An empty text in a list means that there is none."""
    return {name: None if value == "" else value for name, value in row.items()}
