"""What every task works with: opened after the worker has forked, closed when the task ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Engine

from consumers.warehouse.connect import open_engine
from infra.object_store import LakeStore, open_lake
from infra.settings import Settings, load_settings
from schemas.catalog import catalog_folder, load_catalog
from schemas.contract import Contract


@dataclass(frozen=True)
class Surroundings:
    """Settings, contracts, and open connections to warehouse and lake."""

    settings: Settings
    catalog: Mapping[str, Contract]
    engine: Engine
    lake: LakeStore


@contextmanager
def open_surroundings(environ: Mapping[str, str]) -> Iterator[Surroundings]:
    """Raises SettingMissing when the environment lacks an address."""
    settings = load_settings(environ)
    engine = open_engine(settings.warehouse)
    try:
        yield Surroundings(settings, load_catalog(catalog_folder(environ)), engine, open_lake(settings.lake))
    finally:
        engine.dispose()
