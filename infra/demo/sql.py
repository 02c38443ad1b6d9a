"""The demo's questions to the warehouse, one .sql file each."""

from __future__ import annotations

from pathlib import Path

_QUERIES = Path(__file__).parent / "queries"


def query(name: str) -> str:
    """The text of `queries/<name>.sql`."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
