"""An empty warehouse and lake for a measurement, on a stack of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from consumers.warehouse.migrate import migrate
from consumers.warehouse.seeding import seed_dimensions
from infra.object_store import LakeStore, open_lake
from tests.databases import own_database
from tests.local_stack import running_stack


@contextmanager
def own_warehouse() -> Iterator[tuple[Engine, LakeStore]]:
    """Tables and references are there, and a bucket; all is gone at the end."""
    with (
        TemporaryDirectory(prefix="hagiang-bench-") as folder,
        running_stack(Path(folder) / "stack", ("postgres", "store")) as servers,
        own_database(servers) as engine,
    ):
        migrate(engine)
        seed_dimensions(engine)
        lake = open_lake(servers.lake)
        lake.make_bucket()
        yield engine, lake
