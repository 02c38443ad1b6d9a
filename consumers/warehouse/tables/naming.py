"""Schemas of the warehouse and how constraints are named."""

from __future__ import annotations

from sqlalchemy import MetaData

STAGING, CORE, QUARANTINE, LEDGER, MART = "staging", "core", "quarantine", "ledger", "mart"
SCHEMAS = (STAGING, CORE, QUARANTINE, LEDGER, MART)
DASHBOARD_ROLE = "dashboard"

_CONVENTION = {
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}


def new_metadata() -> MetaData:
    """An empty collection of tables with our names for constraints."""
    return MetaData(naming_convention=_CONVENTION)


FIXED = new_metadata()
"""The tables that migrations make: ledger, quarantine, dimensions."""
