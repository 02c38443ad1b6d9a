"""How everything is lost."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.schema import DropSchema

from consumers.warehouse.tables.naming import SCHEMAS
from infra.backup.dumps import ACCESS
from infra.object_store import LakeStore


def empty_warehouse(engine: Engine) -> None:
    """Nothing is left in the database."""
    with engine.begin() as connection:
        for schema in (*SCHEMAS, ACCESS):
            connection.execute(DropSchema(schema, cascade=True))
        connection.execute(text("drop table public.alembic_version"))


def empty_lake(lake: LakeStore) -> None:
    """Nothing is left in the bucket."""
    for key in list(lake.list_after("")):
        lake.delete(key)
