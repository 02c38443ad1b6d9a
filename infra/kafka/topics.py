"""Makes one topic for each contract, with the partitions and retention that the contract says."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from math import inf
from typing import Any

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from infra.errors import OperatorError
from schemas.contract import Contract

log = logging.getLogger(__name__)
DAY_MS = 86_400_000


class TopicDiffers(OperatorError):
    """A topic has more partitions than its contract; they cannot be taken away: raise `partitions` in the contract."""


def topic_configs(contract: Contract) -> dict[str, str]:
    """Retention as the contract says; producers compress, so the broker keeps what they send."""
    return {
        "cleanup.policy": "delete",
        "compression.type": "producer",
        "retention.ms": str(contract.retention_days * DAY_MS),
        "message.timestamp.type": "LogAppendTime",
    }


def ensure_topics(admin: KafkaAdminClient, contracts: Iterable[Contract], *, replication: int = 1) -> list[str]:
    """Create missing topics, add partitions and adjust settings where the contract changed; names of what changed.

    `replication` is the number of copies: 1 on the embedded broker, 3 in production, where min.insync.replicas is
    one less. Raises TopicDiffers when a topic has more partitions than its contract, kafka.errors.KafkaError else.
    """
    wanted = {contract.topic: contract for contract in contracts}
    found = _partitions(admin, wanted)
    missing = {topic: contract for topic, contract in wanted.items() if topic not in found}
    if missing:
        admin.create_topics(
            {topic: _new_topic(contract, replication) for topic, contract in missing.items()}, wait_for_metadata=True
        )
    grown = _grow(admin, {topic: wanted[topic] for topic in found}, found)
    adjusted = _adjust_configs(admin, {topic: wanted[topic] for topic in found})
    changed = sorted({*missing, *grown, *adjusted})
    log.info("Topics agree with the contracts", extra={"action": "ensure_topics", "changed": changed})
    return changed


def kept_days(admin: KafkaAdminClient, contracts: Iterable[Contract]) -> dict[str, float]:
    """For how many days the broker keeps each topic that there is, endless for one that is kept for good."""
    existing = list(_partitions(admin, [contract.topic for contract in contracts]))
    if not existing:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in existing]
    current = admin.describe_configs(resources, config_filter="all")
    kept = {topic: int(_value(current, topic, "retention.ms") or -1) for topic in existing}
    return {topic: value / DAY_MS if value >= 0 else inf for topic, value in kept.items()}


def _new_topic(contract: Contract, replication: int) -> dict[str, Any]:
    configs = {**topic_configs(contract), "min.insync.replicas": str(max(1, replication - 1))}
    return {"num_partitions": contract.partitions, "replication_factor": replication, "configs": configs}


def _partitions(admin: KafkaAdminClient, topics: Iterable[str]) -> dict[str, int]:
    existing = set(admin.list_topics()) & set(topics)
    if not existing:
        return {}
    return {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics(sorted(existing))}


def _grow(admin: KafkaAdminClient, contracts: dict[str, Contract], found: dict[str, int]) -> list[str]:
    for topic, contract in contracts.items():
        if found[topic] > contract.partitions:
            raise TopicDiffers(f"{topic} has {found[topic]} partitions, its contract says {contract.partitions}")
    growing = {
        topic: contract.partitions for topic, contract in contracts.items() if found[topic] < contract.partitions
    }
    if growing:
        admin.create_partitions(growing)
    return list(growing)


def _adjust_configs(admin: KafkaAdminClient, contracts: dict[str, Contract]) -> list[str]:
    if not contracts:
        return []
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in contracts]
    current = admin.describe_configs(resources, config_filter="all")
    changed = []
    for topic, contract in contracts.items():
        wanted = topic_configs(contract)
        if any(_value(current, topic, key) != value for key, value in wanted.items()):
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, wanted)])
            changed.append(topic)
    return changed


def _value(described: dict[str, Any], topic: str, key: str) -> str | None:
    entry = described.get("topic", {}).get(topic, {}).get(key)
    return entry.get("value") if entry else None
