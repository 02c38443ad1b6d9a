"""What was removed because its term had ended."""

from __future__ import annotations

from consumers.warehouse.migrations.sql_file import run_sql_beside

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
