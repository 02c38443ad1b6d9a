"""Runs migrations on the connection that consumers/warehouse/migrate.py hands over."""

from __future__ import annotations

from alembic import context

from consumers.warehouse.tables import dimensions, ledger, quarantine
from consumers.warehouse.tables.naming import FIXED

TABLE_MODULES = (dimensions, ledger, quarantine)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=FIXED,
    include_schemas=True,
    version_table_schema="public",
)
with context.begin_transaction():
    context.run_migrations()
