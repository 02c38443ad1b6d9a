"""What the gateway may ask: what became of one event."""

from __future__ import annotations

from consumers.warehouse.migrations.sql_file import run_sql_beside

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
