"""Migrations are plain SQL: the `.sql` file beside the revision's `.py`."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_sql_beside(revision: str) -> None:
    """Run the file that is named like `revision` (its `__file__`) but ends in `.sql`; several statements are fine."""
    op.get_bind().exec_driver_sql(Path(revision).with_suffix(".sql").read_text(encoding="utf-8"))
