"""What Kafka lets landing and publisher do follows from the contracts."""

from __future__ import annotations

import pytest
from kafka.admin import ACLOperation, ACLPermissionType, ResourceType

from infra.kafka.rights import wanted_rights
from infra.kafka.topics import topic_configs
from infra.settings import Kafka, Login
from schemas.catalog import load_catalog
from schemas.contract import Contract

KAFKA = Kafka(
    bootstrap_servers="127.0.0.1:1",
    security_protocol="SASL_PLAINTEXT",
    sasl_mechanism="SCRAM-SHA-512",
    admin=Login("admin", "a"),
    landing=Login("landing", "l"),
    publisher=Login("publisher", "p"),
)


@pytest.fixture(scope="module")
def contracts() -> list[Contract]:
    contracts = list(load_catalog().values())
    assert len(contracts) >= 3
    return contracts


def rights(contracts: list[Contract], user: str, kind: ResourceType) -> set[tuple[str, ACLOperation]]:
    given = [right for right in wanted_rights(KAFKA, contracts) if right.principal == f"User:{user}"]
    assert {right.permission_type for right in given} == {ACLPermissionType.ALLOW}
    patterns = [(right.resource_pattern, right.operation) for right in given]
    return {(pattern.resource_name, operation) for pattern, operation in patterns if pattern.resource_type == kind}


def test_publisher_may_write_every_contract_and_nothing_else(contracts: list[Contract]) -> None:
    wanted = {(contract.topic, ACLOperation.WRITE) for contract in contracts}
    assert rights(contracts, "publisher", ResourceType.TOPIC) == wanted
    assert rights(contracts, "publisher", ResourceType.GROUP) == set()


def test_landing_may_read_every_contract_as_a_landing_group(contracts: list[Contract]) -> None:
    wanted = {(contract.topic, ACLOperation.READ) for contract in contracts}
    assert rights(contracts, "landing", ResourceType.TOPIC) == wanted
    assert rights(contracts, "landing", ResourceType.GROUP) == {("landing", ACLOperation.READ)}


def test_nobody_has_rights_on_the_cluster(contracts: list[Contract]) -> None:
    for user in ("landing", "publisher"):
        assert rights(contracts, user, ResourceType.CLUSTER) == set()


def test_topic_keeps_events_as_long_as_the_contract_says(contracts: list[Contract]) -> None:
    for contract in contracts:
        days = int(topic_configs(contract)["retention.ms"]) / 86_400_000
        assert days == contract.retention_days
