"""Who has looked at what may be personal data: written into the audit before it is shown."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine

from infra.access.audit import READ, record
from infra.access.connect import access_errors, open_access


def note_reading(warehouse: Engine | str, subject: str, detail: Mapping[str, Any]) -> None:
    """The operator's user name, the thing and what of it; `warehouse` is an engine or a URL. Raises AccessUnavailable.

    Call it before anything is shown: what cannot be audited is not shown.
    """
    engine = open_access(warehouse) if isinstance(warehouse, str) else warehouse
    try:
        with access_errors(), engine.begin() as connection:
            record(connection, getpass.getuser(), READ, subject, detail)
    finally:
        if isinstance(warehouse, str):
            engine.dispose()
