"""Repairs of quarantined records that two persons answer for, causes by field, and breakers that stay open."""

from __future__ import annotations

from consumers.warehouse.migrations.sql_file import run_sql_beside

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
