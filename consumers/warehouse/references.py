"""What the reference lists hold now, so that a record which waits for one is checked again only when it has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, text

_STATE = (Path(__file__).parent / "references.sql").read_text(encoding="utf-8")

# Events that add to a reference list. The checks of other events look codes up in their tables too (expectations/sql).
REFERENCE_EVENTS = ("agency_registered", "procedure_published", "ocop_product_rated")


def reference_state(connection: Connection) -> Mapping[str, str]:
    """A mark for each reference list, another one whenever a code may have come or gone."""
    found: dict[str, str] = connection.execute(text(_STATE)).scalar_one()
    return found
