"""What each build of a mart was made from and changed, and the order in which loads were published."""

from __future__ import annotations

from consumers.warehouse.migrations.sql_file import run_sql_beside

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql_beside(__file__)
