"""What a run has for itself on the stack's servers: topic, subject, bucket, database, folder."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from kafka.admin import KafkaAdminClient
from psycopg import sql
from sqlalchemy import Engine

from consumers.warehouse.connect import engine_for
from consumers.warehouse.migrate import migrate
from infra.object_store import open_lake
from infra.settings import Settings
from schemas.contract import Contract
from schemas.registry import Registry
from tests.chaos.counted import old_version, write_contract
from tests.chaos.history import Planned, SchemaIds, history
from tests.chaos.surroundings import Surroundings
from tests.component.landing.place import make_topic
from tests.databases import superuser, url_of


@dataclass(frozen=True)
class Ground:
    """`settings` name the run's own bucket; `folder` takes logs, spool and what was acknowledged; `contracts` holds the
    run's contract.
    """

    seed: int
    settings: Settings
    contract: Contract
    ids: SchemaIds
    records: int
    engine: Engine
    folder: Path
    contracts: Path

    @property
    def acknowledged(self) -> Path:
        """A number in each line: the records whose publisher was told that they are durable."""
        return self.folder / "acknowledged"

    def planned(self) -> list[Planned]:
        """All that is published."""
        return history(self.seed, self.records, self.contract.schema, self.ids)

    def surroundings(self) -> Surroundings:
        """The same for work that is done in this process."""
        return Surroundings(
            settings=self.settings,
            contracts=self.contracts,
            contract=self.contract,
            folder=self.folder,
            seed=self.seed,
            records=self.records,
            ids=self.ids,
        )

    def environment(self) -> Mapping[str, str]:
        """What a process of the run needs to know."""
        return {
            **os.environ,
            "HAGIANG_HOME": str(self.settings.home),
            "HAGIANG_CONTRACTS": str(self.contracts),
            "LAKE_BUCKET": self.settings.lake.bucket,
            "WAREHOUSE_URL": self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False),
            "CHAOS_FOLDER": str(self.folder),
            "CHAOS_EVENT": self.contract.event,
            "CHAOS_SEED": str(self.seed),
            "CHAOS_RECORDS": str(self.records),
            "CHAOS_OLD_ID": str(self.ids.old),
            "CHAOS_NEW_ID": str(self.ids.new),
        }


@contextmanager
def new_ground(servers: Settings, folder: Path, seed: int, records: int) -> Iterator[Ground]:
    """Named at random; topic and database are gone afterwards."""
    name = f"chaos_{uuid4().hex[:10]}"
    settings = replace(servers, lake=replace(servers.lake, bucket=name.replace("_", "-")))
    contract = write_contract(folder / "avro", name)
    open_lake(settings.lake).make_bucket()
    with ExitStack() as stack:
        with closing(KafkaAdminClient(**settings.kafka.client_options(settings.kafka.admin))) as admin:
            make_topic(admin, settings, contract)
        stack.callback(_delete_topic, settings, contract.topic)
        ids = registered(settings, contract)
        engine = stack.enter_context(_own_database(settings, name))
        migrate(engine)
        yield Ground(seed, settings, contract, ids, records, engine, folder, folder / "avro")


def registered(settings: Settings, contract: Contract) -> SchemaIds:
    """Both versions of the run's contract in the registry."""
    with Registry(settings.registry_url) as registry:
        old = registry.register(contract.subject, old_version(contract.schema))
        return SchemaIds(old, registry.register(contract.subject, contract.schema))


def _delete_topic(settings: Settings, topic: str) -> None:
    """By a client of its own: another one may not know yet that Kafka is back."""
    with closing(KafkaAdminClient(**settings.kafka.client_options(settings.kafka.admin))) as admin:
        admin.delete_topics([topic])


@contextmanager
def _own_database(settings: Settings, name: str) -> Iterator[Engine]:
    """A new database that the warehouse's owner owns; no connection is held meanwhile, since faults end them."""
    _as_superuser(settings, sql.SQL("create database {} owner warehouse").format(sql.Identifier(name)))
    engine = engine_for(url_of(settings.warehouse.owner_url, name))
    try:
        yield engine
    finally:
        engine.dispose()
        _as_superuser(settings, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _as_superuser(settings: Settings, statement: sql.Composed) -> None:
    with superuser(settings) as connection:
        connection.execute(statement)
