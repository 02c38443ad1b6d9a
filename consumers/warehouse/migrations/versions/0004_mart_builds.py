"""Which loads each mart has been built from."""

from __future__ import annotations

from consumers.warehouse.migrations.sql_file import run_sql_beside

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
