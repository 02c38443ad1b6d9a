"""What is made inside running parts: each function may run at every start and changes nothing when all is there."""

from __future__ import annotations

from consumers.warehouse.connect import open_engine
from consumers.warehouse.migrate import migrate
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables.events import ensure_event_tables
from infra.access.grants import ensure_platform
from infra.kafka.admin import open_admin
from infra.kafka.rights import ensure_rights, ensure_users
from infra.kafka.topics import ensure_topics
from infra.local.kafka import kafka_settings
from infra.local.registry import registry_url
from infra.local.stack import Stack
from infra.local.stack_env import warehouse_settings
from schemas.catalog import load_catalog
from schemas.registry import Registry, register_catalog
from schemas.versions import load_released


def prepare_kafka(stack: Stack) -> None:
    """Users, topics and rights, from the contracts."""
    kafka, contracts = kafka_settings(stack), load_catalog(stack.contracts).values()
    with open_admin(kafka) as admin:
        ensure_users(admin, kafka)
        ensure_topics(admin, contracts)
        ensure_rights(admin, kafka, contracts)


def prepare_registry(stack: Stack) -> None:
    """Every contract with its released versions, held to full compatibility."""
    with Registry(registry_url(stack)) as registry:
        register_catalog(registry, load_catalog(stack.contracts).values(), load_released())


def prepare_warehouse(stack: Stack) -> None:
    """Fixed tables, dimensions, the platform's own right to write, and one core table for each contract."""
    engine = open_engine(warehouse_settings(stack))
    try:
        migrate(engine)
        seed_dimensions(engine)
        with engine.begin() as connection:
            ensure_platform(connection)
            for contract in load_catalog(stack.contracts).values():
                ensure_event_tables(connection, contract)
    finally:
        engine.dispose()
