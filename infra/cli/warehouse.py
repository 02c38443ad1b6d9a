"""The warehouse as commands open it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infra.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def open_warehouse() -> Iterator[Engine]:
    """An engine for the owner of the warehouse, given up at the end."""
    from consumers.warehouse.connect import open_engine

    engine = open_engine(load_settings(os.environ).warehouse)
    try:
        yield engine
    finally:
        engine.dispose()
