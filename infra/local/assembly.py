"""Which parts and which preparations make up the stack: the one list of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from infra.local import kafka, postgres, registry, store
from infra.local.airflow_dags import await_dags
from infra.local.airflow_parts import TABLES, airflow_parts
from infra.local.airflow_tables import ensure_airflow_tables
from infra.local.databases import ensure_databases
from infra.local.gateway import gateway_part
from infra.local.landing import landing_part
from infra.local.marketplaces import marketplaces_parts
from infra.local.part import Part
from infra.local.postgres_place import Place
from infra.local.preparations import prepare_kafka, prepare_registry, prepare_warehouse
from infra.local.simulated_platforms import simulated_platforms_parts
from infra.local.stack import Stack


@dataclass(frozen=True)
class Preparation:
    """Work inside running parts; `needs` names parts and other preparations.

    It is done whenever the parts it needs are there; `only_for_parts`, not unless a started part needs it.
    """

    name: str
    run: Callable[[Stack], None]
    needs: tuple[str, ...]
    only_for_parts: bool = False


PREPARATIONS = (
    Preparation("databases", ensure_databases, ("postgres",)),
    Preparation("topics", prepare_kafka, ("kafka",)),
    Preparation("bucket", store.ensure_bucket, ("store",)),
    Preparation(TABLES, ensure_airflow_tables, ("databases",), only_for_parts=True),
    Preparation("warehouse", prepare_warehouse, ("databases",)),
    Preparation("dags", await_dags, ("airflow-api-server", "airflow-dag-processor")),
    Preparation("contracts", prepare_registry, ("registry",)),
)


def parts_of(stack: Stack, place: Place) -> list[Part]:
    """All servers of the stack, in the order in which they are shown."""
    return [
        postgres.postgres_part(stack, place),
        kafka.kafka_part(stack),
        store.store_part(stack),
        registry.registry_part(stack),
        *airflow_parts(stack),
        landing_part(stack),
        *simulated_platforms_parts(stack),
        gateway_part(stack),
        *marketplaces_parts(stack),
    ]
